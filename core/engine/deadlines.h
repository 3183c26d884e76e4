#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/time.h"

namespace coldframe::engine {

/// One deadline for each of a dense set of ids, in (time, order of arming).
///
/// Deadlines of instances move later all the time: each attempt pushes the end of the keep-alive
/// away. So the heap holds lower bounds and an entry is put right only when it reaches the top;
/// arming later than the entry costs two stores.
class Deadlines {
public:
    struct Due {
        TimePoint at{};
        std::uint64_t order = 0;
        bool operator<(const Due& b) const { return at != b.at ? at < b.at : order < b.order; }
        bool operator==(const Due&) const = default;
    };

    void arm(std::uint32_t id, TimePoint at, std::uint64_t order);
    void disarm(std::uint32_t id)
    {
        if (id < m_due.size())
            m_due[id].order = 0;
    }
    bool armed(std::uint32_t id) const { return id < m_due.size() && m_due[id].order != 0; }

    /// Whether there is surely none up to that time. What says no may only have been moved later.
    bool quietUntil(TimePoint last) const { return m_first > last; }
    /// The earliest deadline, or nothing.
    const Due* next()
    {
        if (!m_heap.empty() && m_heap.front().due == m_due[m_heap.front().id])
            return &m_heap.front().due;
        return settle();
    }
    /// The id next() speaks of; it is disarmed.
    std::uint32_t take();

    template <typename Archive> void archive(Archive& with)
    {
        with(m_due), with(m_place), with(m_heap);
        m_first = m_heap.empty() ? TimePoint::max() : m_heap.front().due.at;
    }

private:
    struct Entry {
        Due due;
        std::uint32_t id = 0;
    };
    const Due* settle();
    void put(std::size_t hole, const Entry& entry)
    {
        m_heap[hole] = entry;
        m_place[entry.id] = static_cast<std::uint32_t>(hole + 1);
        if (hole == 0)
            m_first = entry.due.at;
    }
    void siftUp(std::size_t hole, Entry entry);
    void siftDown(std::size_t hole, Entry entry);
    void removeTop();

    std::vector<Due> m_due; ///< by id; order 0: not armed
    std::vector<std::uint32_t> m_place; ///< by id: index into the heap + 1, 0: none
    std::vector<Entry> m_heap;
    TimePoint m_first = TimePoint::max(); ///< of m_heap
};

} // namespace coldframe::engine
