#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

namespace coldframe::sim {

/// What is to happen, earliest first; for times that mostly lie near now.
///
/// A ring of short spans of time. What falls into a span is put on its list, unordered; when its
/// turn comes it is sorted, which is cheap because spans are one to two mean distances of what is
/// put in. What lies beyond the ring waits in a heap. (R. Brown, Calendar queues, Communications
/// of the ACM 31, 1988; sorting late: W. Tang et al., Ladder queue, ACM TOMACS 15, 2005.)
/// While there are only a few entries, they are simply kept sorted.
///
/// Entry has `std::int64_t key` (0 or more; what is put in never lies before what was taken out)
/// and an operator< that agrees with it.
template <typename Entry> class Calendar {
public:
    static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

    /// `distance` between entries, in units of key; a hint.
    explicit Calendar(std::int64_t distance = 1) : m_heads(kSpans, kNone), m_used(kSpans / 64)
    {
        setDistance(distance);
        m_now.reserve(4 * kMany);
    }

    bool empty() const { return m_size == 0; }
    std::size_t size() const { return m_size; }

    void add(const Entry& entry)
    {
        ++m_size;
        if (m_few) {
            insertNow(entry);
            m_next = m_now.back().key;
            if (m_size > kMany)
                spread();
            return;
        }
        place(entry);
        m_next = std::min(m_next, entry.key);
    }

    /// Key of the earliest; kNever when there is none.
    std::int64_t next() const { return m_next; }

    Entry take()
    {
        if (m_now.empty())
            advance();
        const Entry entry = m_now.back();
        m_now.pop_back();
        --m_size;
        if (!m_now.empty())
            m_next = m_now.back().key;
        else
            lookAhead();
        return entry;
    }

    /// Adapts to another mean distance; costs a pass over all entries.
    void setDistance(std::int64_t distance)
    {
        const auto wide = static_cast<std::uint64_t>(std::max<std::int64_t>(distance, 1));
        const auto shift = static_cast<unsigned>(std::bit_width(wide));
        if (shift == m_shift)
            return;
        if (!m_few)
            gather();
        m_shift = shift;
        if (m_size > kMany)
            spread();
    }
    std::int64_t distance() const { return std::int64_t{1} << m_shift; }

private:
    static constexpr std::int64_t kSpans = 4096;
    static constexpr std::size_t kFew = 6, kMany = 24;
    static constexpr std::uint32_t kNone = 0xffff'ffff;
    struct Node {
        Entry entry;
        std::uint32_t next;
    };
    static bool later(const Entry& a, const Entry& b) { return b < a; }

    void place(const Entry& entry)
    {
        const std::int64_t span = entry.key >> m_shift;
        if (span <= m_span)
            insertNow(entry);
        else if (span - m_span < kSpans)
            link(span, entry);
        else
            toHeap(entry);
    }

    /// Brings everything together in m_now.
    void gather()
    {
        for (std::size_t word = 0; word < m_used.size(); ++word)
            for (; m_used[word] != 0; m_used[word] &= m_used[word] - 1) {
                const auto bit = static_cast<std::size_t>(std::countr_zero(m_used[word]));
                std::uint32_t& head = m_heads[word * 64 + bit];
                for (std::uint32_t node = head; node != kNone; node = m_nodes[node].next)
                    m_now.push_back(m_nodes[node].entry);
                head = kNone;
            }
        m_now.insert(m_now.end(), m_heap.begin(), m_heap.end());
        m_heap.clear(), m_nodes.clear();
        m_free = kNone;
        std::sort(m_now.begin(), m_now.end(), later);
        m_few = true;
        m_next = m_now.empty() ? kNever : m_now.back().key;
    }
    /// Leaves in m_now what belongs to the first span.
    void spread()
    {
        m_few = false;
        std::vector<Entry> all;
        std::swap(all, m_now);
        m_span = all.back().key >> m_shift;
        for (const Entry& entry : all)
            place(entry);
    }

    /// m_now is sorted, latest first, so that the earliest is cheap to take.
    void insertNow(const Entry& entry)
    {
        m_now.push_back(entry);
        std::size_t i = m_now.size() - 1;
        for (; i > 0 && m_now[i - 1] < entry; --i)
            m_now[i] = m_now[i - 1];
        m_now[i] = entry;
    }
    void link(std::int64_t span, const Entry& entry)
    {
        const auto at = static_cast<std::size_t>(span & (kSpans - 1));
        std::uint32_t node = m_free;
        if (node == kNone) {
            node = static_cast<std::uint32_t>(m_nodes.size());
            m_nodes.push_back({entry, m_heads[at]});
        } else {
            m_free = m_nodes[node].next;
            m_nodes[node] = {entry, m_heads[at]};
        }
        m_heads[at] = node;
        m_used[at / 64] |= std::uint64_t{1} << (at % 64);
    }
    void toHeap(const Entry& entry)
    {
        m_heap.push_back(entry);
        std::push_heap(m_heap.begin(), m_heap.end(), later);
    }

    /// The first span after m_span with something on its list; -1 when there is none.
    std::int64_t nextUsed() const
    {
        const auto start = static_cast<std::size_t>((m_span + 1) & (kSpans - 1));
        const std::size_t words = m_used.size();
        std::size_t word = start / 64;
        std::uint64_t bits = m_used[word] & (~std::uint64_t{0} << (start % 64));
        for (std::size_t i = 0; i <= words; ++i) {
            if (bits != 0) {
                const auto at = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
                const std::size_t ahead = (at - start) & static_cast<std::size_t>(kSpans - 1);
                return m_span + 1 + static_cast<std::int64_t>(ahead);
            }
            word = word + 1 == words ? 0 : word + 1;
            bits = m_used[word];
        }
        return -1;
    }

    /// m_now has run empty: sets m_next without moving on, so that what comes next may still lie
    /// before it.
    void lookAhead()
    {
        if (m_few || m_size <= kFew) {
            if (!m_few)
                gather();
            else
                m_next = kNever;
            return;
        }
        const std::int64_t ahead = nextUsed();
        m_next = m_heap.empty() ? kNever : m_heap.front().key;
        if (ahead < 0)
            return;
        const auto at = static_cast<std::size_t>(ahead & (kSpans - 1));
        for (std::uint32_t node = m_heads[at]; node != kNone; node = m_nodes[node].next)
            m_next = std::min(m_next, m_nodes[node].entry.key);
    }

    /// Moves to the next span in which something happens.
    void advance()
    {
        const std::int64_t used = nextUsed();
        std::int64_t span = used;
        if (!m_heap.empty()) {
            const std::int64_t first = m_heap.front().key >> m_shift;
            if (span < 0 || first < span)
                span = first;
        }
        m_span = span;
        if (used == span) {
            const auto at = static_cast<std::size_t>(span & (kSpans - 1));
            std::uint32_t node = m_heads[at];
            m_heads[at] = kNone;
            m_used[at / 64] &= ~(std::uint64_t{1} << (at % 64));
            while (node != kNone) {
                const std::uint32_t following = m_nodes[node].next;
                insertNow(m_nodes[node].entry);
                m_nodes[node].next = m_free;
                m_free = node;
                node = following;
            }
        }
        while (!m_heap.empty() && m_heap.front().key >> m_shift <= span) {
            insertNow(m_heap.front());
            std::pop_heap(m_heap.begin(), m_heap.end(), later);
            m_heap.pop_back();
        }
    }

    unsigned m_shift = 0;
    bool m_few = true; ///< all entries are in m_now
    std::int64_t m_span = 0; ///< otherwise: what is in m_now belongs to this span
    std::int64_t m_next = kNever;
    std::size_t m_size = 0;
    std::vector<Entry> m_now;
    std::vector<std::uint32_t> m_heads; ///< first node of each span's list
    std::vector<std::uint64_t> m_used; ///< a bit for each span
    std::vector<Node> m_nodes;
    std::uint32_t m_free = kNone;
    std::vector<Entry> m_heap;
};

} // namespace coldframe::sim
