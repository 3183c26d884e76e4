#pragma once

#include <cassert>
#include <cstdint>
#include <vector>

namespace coldframe::engine {

inline constexpr std::uint32_t kNoSlot = 0xffff'ffff;

/// Items that come and go, kept in a dense vector. A slot is reused, a serial never is.
/// Item must have a `serial` field; 0 marks a free slot.
template <typename Item> class Slots {
public:
    /// The slot and serial the next add() will use.
    std::uint32_t nextSlot() const
    {
        return m_free.empty() ? static_cast<std::uint32_t>(m_items.size()) : m_free.back();
    }
    std::uint32_t nextSerial() const { return m_serials + 1; }

    std::uint32_t add()
    {
        const std::uint32_t slot = nextSlot();
        if (m_free.empty())
            m_items.emplace_back();
        else {
            m_free.pop_back();
            m_items[slot] = Item{};
        }
        m_items[slot].serial = ++m_serials;
        ++m_alive;
        return slot;
    }
    void remove(std::uint32_t slot)
    {
        assert(m_items[slot].serial != 0);
        m_items[slot].serial = 0;
        m_free.push_back(slot);
        --m_alive;
    }
    Item& operator[](std::uint32_t slot) { return m_items[slot]; }
    const Item& operator[](std::uint32_t slot) const { return m_items[slot]; }
    Item* find(std::uint32_t slot, std::uint32_t serial)
    {
        const bool there = slot < m_items.size() && serial != 0 && m_items[slot].serial == serial;
        return there ? &m_items[slot] : nullptr;
    }
    const Item* find(std::uint32_t slot, std::uint32_t serial) const
    {
        return const_cast<Slots*>(this)->find(slot, serial);
    }
    std::uint32_t capacity() const { return static_cast<std::uint32_t>(m_items.size()); }
    std::uint32_t alive() const { return m_alive; }

    template <typename Archive> void archive(Archive& with)
    {
        with(m_items);
        with(m_free);
        with(m_serials);
        with(m_alive);
    }

private:
    std::vector<Item> m_items;
    std::vector<std::uint32_t> m_free;
    std::uint32_t m_serials = 0, m_alive = 0;
};

} // namespace coldframe::engine
