#include "engine/deadlines.h"

#include <algorithm>

namespace coldframe::engine {

namespace {
constexpr std::size_t kArity = 4; // one cache line of children
}

void Deadlines::arm(std::uint32_t id, TimePoint at, std::uint64_t order)
{
    if (id >= m_due.size()) {
        m_due.resize(id + 1);
        m_place.resize(id + 1);
    }
    const Due due{at, order};
    m_due[id] = due;
    const std::uint32_t place = m_place[id];
    if (place == 0) {
        m_heap.emplace_back();
        siftUp(m_heap.size() - 1, {due, id});
    } else if (due < m_heap[place - 1].due) {
        siftUp(place - 1, {due, id});
    }
}

const Deadlines::Due* Deadlines::settle()
{
    while (!m_heap.empty()) {
        const Entry top = m_heap.front();
        const Due& due = m_due[top.id];
        if (due == top.due)
            return &m_heap.front().due;
        if (due.order == 0)
            removeTop();
        else
            siftDown(0, {due, top.id});
    }
    return nullptr;
}

std::uint32_t Deadlines::take()
{
    const std::uint32_t id = m_heap.front().id;
    m_due[id].order = 0;
    removeTop();
    return id;
}

void Deadlines::removeTop()
{
    m_place[m_heap.front().id] = 0;
    const Entry last = m_heap.back();
    m_heap.pop_back();
    if (m_heap.empty())
        m_first = TimePoint::max();
    else
        siftDown(0, last);
}

void Deadlines::siftUp(std::size_t hole, Entry entry)
{
    while (hole > 0) {
        const std::size_t parent = (hole - 1) / kArity;
        if (!(entry.due < m_heap[parent].due))
            break;
        put(hole, m_heap[parent]);
        hole = parent;
    }
    put(hole, entry);
}

void Deadlines::siftDown(std::size_t hole, Entry entry)
{
    const std::size_t size = m_heap.size();
    for (;;) {
        const std::size_t first = hole * kArity + 1;
        if (first >= size)
            break;
        std::size_t least = first;
        for (std::size_t child = first + 1; child < std::min(first + kArity, size); ++child)
            if (m_heap[child].due < m_heap[least].due)
                least = child;
        if (!(m_heap[least].due < entry.due))
            break;
        put(hole, m_heap[least]);
        hole = least;
    }
    put(hole, entry);
}

} // namespace coldframe::engine
