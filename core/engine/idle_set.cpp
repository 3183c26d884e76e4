#include "engine/idle_set.h"

#include <bit>
#include <utility>

namespace coldframe::engine {

namespace {

constexpr std::uint32_t kWord = 64;

/// Byte i holds how many bits are set in bytes 0 … i; the top byte is the population count. Written
/// out, because the plain x86-64 this is compiled for has no instruction for it.
std::uint64_t countsToByte(std::uint64_t word)
{
    word -= (word >> 1) & 0x5555'5555'5555'5555;
    word = (word & 0x3333'3333'3333'3333) + ((word >> 2) & 0x3333'3333'3333'3333);
    word = (word + (word >> 4)) & 0x0f0f'0f0f'0f0f'0f0f;
    return word * 0x0101'0101'0101'0101;
}

/// Where the n-th set bit of a word stands; n counts from 0 and there are more than n. Without
/// branches: which way they would go is a draw.
std::uint32_t nthSet(std::uint64_t word, std::uint64_t counts, std::uint32_t n)
{
    constexpr std::uint64_t kEach = 0x0101'0101'0101'0101, kTop = kEach << 7;
    // The top bit of each byte whose count is above n; the lowest of them is the byte it is in.
    const std::uint64_t above = ((counts | kTop) - (n + 1) * kEach) & kTop;
    auto at = static_cast<std::uint32_t>(std::countr_zero(above)) - 7;
    n -= static_cast<std::uint32_t>(counts << 8 >> at & 0xff); // those in the bytes before
    std::uint64_t rest = word >> at & 0xff;
    for (const std::uint32_t half : {4U, 2U, 1U}) {
        constexpr std::uint64_t kCounts = 0x4332'3221'3221'2110; // set bits of 0 … 15, by nibble
        const std::uint64_t low = rest & ((1U << half) - 1);
        const auto here = static_cast<std::uint32_t>(kCounts >> 4 * low & 0xf);
        const std::uint32_t up = n >= here ? ~0U : 0U;
        n -= here & up;
        at += half & up;
        rest >>= half & up;
    }
    return at;
}

} // namespace

std::uint32_t IdleSet::append(std::uint32_t slot)
{
    const auto place = static_cast<std::uint32_t>(m_places.size());
    m_places.push_back({.slot = slot});
    if (place % kBlock == 0) {
        m_counts.push_back(0);
        m_bits.resize(m_bits.size() + kBlock / kWord);
    }
    ++m_alive;
    return place;
}

void IdleSet::flip(std::uint32_t place, std::uint32_t by)
{
    m_bits[place / kWord] ^= std::uint64_t{1} << place % kWord;
    m_counts[place / kBlock] += by;
    m_size += by;
}

void IdleSet::link(std::uint32_t place, std::uint32_t previous, std::uint32_t next)
{
    m_places[place].previous = previous;
    m_places[place].next = next;
    (previous == kNoSlot ? m_head : m_places[previous].next) = place;
    (next == kNoSlot ? m_tail : m_places[next].previous) = place;
    flip(place, 1);
}

void IdleSet::remove(std::uint32_t place)
{
    const Place& gone = m_places[place];
    (gone.previous == kNoSlot ? m_head : m_places[gone.previous].next) = gone.next;
    (gone.next == kNoSlot ? m_tail : m_places[gone.next].previous) = gone.previous;
    flip(place, ~std::uint32_t{0}); // one less
}

std::uint32_t IdleSet::takeOldest()
{
    std::uint32_t block = 0;
    while (m_counts[block] == 0)
        ++block;
    std::uint32_t word = block * (kBlock / kWord);
    while (m_bits[word] == 0)
        ++word;
    return take(word * kWord + static_cast<std::uint32_t>(std::countr_zero(m_bits[word])));
}

std::uint32_t IdleSet::takeNewest()
{
    auto block = static_cast<std::uint32_t>(m_counts.size() - 1);
    while (m_counts[block] == 0)
        --block;
    std::uint32_t word = (block + 1) * (kBlock / kWord) - 1;
    while (m_bits[word] == 0)
        --word;
    return take(word * kWord + kWord - 1
                - static_cast<std::uint32_t>(std::countl_zero(m_bits[word])));
}

std::uint32_t IdleSet::takeByAge(std::uint32_t n)
{
    std::uint32_t block = 0;
    for (; m_counts[block] <= n; ++block)
        n -= m_counts[block];
    std::uint32_t word = block * (kBlock / kWord);
    for (;; ++word) {
        const std::uint64_t counts = countsToByte(m_bits[word]);
        const auto here = static_cast<std::uint32_t>(counts >> 56);
        if (n < here)
            return take(word * kWord + nthSet(m_bits[word], counts, n));
        n -= here;
    }
}

/// The living move together, in their order of age; the order of use is linked anew.
void IdleSet::closeUp()
{
    std::vector<std::uint32_t> placeNow(m_places.size(), kNoSlot);
    std::vector<Place> old = std::exchange(m_places, {});
    std::uint32_t longestIdle = m_head;
    m_bits.clear(), m_counts.clear();
    m_head = m_tail = kNoSlot;
    m_size = m_alive = 0;
    for (std::size_t place = 0; place < old.size(); ++place)
        if (old[place].slot != kNoSlot)
            placeNow[place] = append(old[place].slot);
    for (; longestIdle != kNoSlot; longestIdle = old[longestIdle].next)
        add(placeNow[longestIdle]);
}

} // namespace coldframe::engine
