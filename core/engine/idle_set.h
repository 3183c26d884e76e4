#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/slots.h"

namespace coldframe::engine {

/// The idle instances of one pool, in the two orders that dispatch can ask for: by the moment they
/// became idle, and by age.
///
/// Every instance of the pool, idle or not, has a place for life; places are given in order of
/// birth, so they are the order of age. A list through the idle ones' places is the order of use:
/// adding, taking and removing cost the same few stores for every order. A bit for each place, and
/// counts over blocks of 512, find the oldest, the newest and the n-th by age in a scan of one
/// block; the counts of some thousand instances fill a cache line.
class IdleSet {
public:
    std::uint32_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }

    /// Gives a new instance, which is not idle yet, its place. Now and then the places of the dead
    /// are closed up first: moved(slot, place) tells every living instance its new place.
    template <typename Moved> std::uint32_t enroll(std::uint32_t slot, const Moved& moved)
    {
        if (m_places.size() >= kLeastPlaces && m_places.size() >= 2 * std::size_t{m_alive}) {
            closeUp();
            for (std::uint32_t place = 0; place < m_places.size(); ++place)
                moved(m_places[place].slot, place);
        }
        return append(slot);
    }
    /// The instance is gone; it must not be idle any more.
    void strike(std::uint32_t place)
    {
        m_places[place].slot = kNoSlot;
        --m_alive;
    }

    /// Idle from now on: the most recently used one.
    void add(std::uint32_t place) { link(place, m_tail, kNoSlot); }
    /// Idle for a time already: before the last ones, those of which later(slot) holds.
    template <typename Later> void addAmong(std::uint32_t place, const Later& later)
    {
        std::uint32_t next = kNoSlot, previous = m_tail;
        while (previous != kNoSlot && later(m_places[previous].slot)) {
            next = previous;
            previous = m_places[previous].previous;
        }
        link(place, previous, next);
    }
    void remove(std::uint32_t place);

    // The slots of idle instances; take…() also removes. None may be asked of an empty set.
    std::uint32_t leastRecent() const { return m_places[m_head].slot; }
    std::uint32_t takeMostRecent() { return take(m_tail); }
    std::uint32_t takeLeastRecent() { return take(m_head); }
    std::uint32_t takeOldest();
    std::uint32_t takeNewest();
    /// `n` counts idle instances by age, oldest first, so the pick does not depend on use.
    std::uint32_t takeByAge(std::uint32_t n);

    template <typename Archive> void archive(Archive& with)
    {
        with(m_places), with(m_bits), with(m_counts);
        with(m_head), with(m_tail), with(m_size), with(m_alive);
    }

private:
    static constexpr std::size_t kLeastPlaces = 64; ///< fewer are not worth closing up
    static constexpr std::uint32_t kBlock = 512; ///< places to a count: a cache line of bits

    struct Place {
        std::uint32_t slot = kNoSlot; ///< kNoSlot: dead
        std::uint32_t previous = kNoSlot, next = kNoSlot; ///< places, when idle
    };
    std::uint32_t take(std::uint32_t place)
    {
        remove(place);
        return m_places[place].slot;
    }
    std::uint32_t append(std::uint32_t slot);
    void closeUp();
    void link(std::uint32_t place, std::uint32_t previous, std::uint32_t next);
    void flip(std::uint32_t place, std::uint32_t by);

    std::vector<Place> m_places;
    std::vector<std::uint64_t> m_bits; ///< by place: idle
    std::vector<std::uint32_t> m_counts; ///< idle ones by block
    std::uint32_t m_head = kNoSlot, m_tail = kNoSlot; ///< longest idle, most recently used
    std::uint32_t m_size = 0, m_alive = 0;
};

} // namespace coldframe::engine
