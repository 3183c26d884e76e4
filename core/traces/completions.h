#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

// The ends of what is running, earliest first. Times are µs.
namespace coldframe::traces {

inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

/// For services that all take as long: what began first ends first, so a ring is enough.
class FifoCompletions {
public:
    std::size_t size() const { return m_tail - m_head; }
    std::int64_t earliest() const { return m_ring[m_head & m_mask]; } ///< kNever: none
    void pop() { ++m_head; }
    void push(std::int64_t at)
    {
        if (size() == m_mask) [[unlikely]]
            grow();
        m_ring[m_tail++ & m_mask] = at;
        m_ring[m_tail & m_mask] = kNever; // so that nobody need ask whether there is one
    }

private:
    void grow()
    {
        std::vector<std::int64_t> larger(2 * m_ring.size(), kNever);
        for (std::size_t i = m_head; i != m_tail; ++i)
            larger[i - m_head] = m_ring[i & m_mask];
        m_tail -= m_head;
        m_head = 0;
        m_ring = std::move(larger);
        m_mask = m_ring.size() - 1;
    }
    std::vector<std::int64_t> m_ring = std::vector<std::int64_t>(2, kNever);
    std::size_t m_mask = 1, m_head = 0, m_tail = 0;
};

/// For services of any length: a binary heap.
class HeapCompletions {
public:
    std::size_t size() const { return m_heap.size(); }
    std::int64_t earliest() const { return m_heap.empty() ? kNever : m_heap.front(); }
    void pop()
    {
        std::ranges::pop_heap(m_heap, std::greater<>());
        m_heap.pop_back();
    }
    void push(std::int64_t at)
    {
        m_heap.push_back(at);
        std::ranges::push_heap(m_heap, std::greater<>());
    }

private:
    std::vector<std::int64_t> m_heap;
};

} // namespace coldframe::traces
