#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace coldframe::engine {

/// A heap over some items of a Slots: the earliest `Key` first, the lower serial at the same time.
/// Each item knows its place in `Place` (index + 1, 0: not in the heap), so any can be taken out.
/// Four bytes an item.
template <auto Key, auto Place> class SlotHeap {
public:
    bool empty() const { return m_slots.empty(); }
    std::uint32_t size() const { return static_cast<std::uint32_t>(m_slots.size()); }
    std::uint32_t top() const { return m_slots.front(); }

    template <typename Items> void add(Items& items, std::uint32_t slot)
    {
        m_slots.push_back(slot);
        siftUp(items, m_slots.size() - 1, slot);
    }
    template <typename Items> void remove(Items& items, std::uint32_t slot)
    {
        const std::size_t hole = items[slot].*Place - 1;
        items[slot].*Place = 0;
        const std::uint32_t last = m_slots.back();
        m_slots.pop_back();
        if (hole == m_slots.size())
            return;
        if (hole > 0 && before(items, last, m_slots[(hole - 1) / kArity]))
            siftUp(items, hole, last);
        else
            siftDown(items, hole, last);
    }

    template <typename Archive> void archive(Archive& with) { with(m_slots); }

private:
    static constexpr std::size_t kArity = 4;

    template <typename Items>
    static bool before(const Items& items, std::uint32_t a, std::uint32_t b)
    {
        const auto &first = items[a], &second = items[b];
        return first.*Key != second.*Key ? first.*Key < second.*Key : first.serial < second.serial;
    }
    template <typename Items> void put(Items& items, std::size_t hole, std::uint32_t slot)
    {
        m_slots[hole] = slot;
        items[slot].*Place = static_cast<std::uint32_t>(hole + 1);
    }
    template <typename Items> void siftUp(Items& items, std::size_t hole, std::uint32_t slot)
    {
        for (; hole > 0 && before(items, slot, m_slots[(hole - 1) / kArity]);
             hole = (hole - 1) / kArity)
            put(items, hole, m_slots[(hole - 1) / kArity]);
        put(items, hole, slot);
    }
    template <typename Items> void siftDown(Items& items, std::size_t hole, std::uint32_t slot)
    {
        for (;;) {
            const std::size_t first = hole * kArity + 1;
            if (first >= m_slots.size())
                break;
            std::size_t least = first;
            const std::size_t end = std::min(first + kArity, m_slots.size());
            for (std::size_t child = first + 1; child < end; ++child)
                if (before(items, m_slots[child], m_slots[least]))
                    least = child;
            if (!before(items, m_slots[least], slot))
                break;
            put(items, hole, m_slots[least]);
            hole = least;
        }
        put(items, hole, slot);
    }

    std::vector<std::uint32_t> m_slots;
};

} // namespace coldframe::engine
