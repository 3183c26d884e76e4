#pragma once

#include <cstdint>

namespace coldframe::engine {

/// What a draw is for; part of its key, so that draws of one kind never shift another's.
enum class Purpose : std::uint64_t { KeepAlive = 1, ChooseInstance = 2 };

/// Chance as a rule: 64 bits that depend on nothing but the key. No stream is shared, so two runs
/// that differ in a setting still see the same luck where they do the same thing.
/// The mixer is the finaliser of SplitMix64 (Steele, Lea, Flood 2014), once per word of the key.
class DrawKey {
public:
    constexpr DrawKey() = default;
    constexpr DrawKey(std::uint64_t seed, Purpose purpose, std::uint64_t entity)
        : m_key(mix(mix(mix(seed) ^ static_cast<std::uint64_t>(purpose)) ^ entity))
    { }
    constexpr std::uint64_t draw(std::uint64_t n) const { return mix(m_key ^ n); }

private:
    static constexpr std::uint64_t mix(std::uint64_t x)
    {
        x += 0x9e3779b97f4a7c15U;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
        return x ^ (x >> 31);
    }
    std::uint64_t m_key = 0;
};

constexpr std::uint64_t draw(std::uint64_t seed, Purpose purpose, std::uint64_t entity,
                             std::uint64_t n)
{
    return DrawKey(seed, purpose, entity).draw(n);
}

/// In [0, 1), on a grid of 2^-53: the same double on every machine.
constexpr double unitDraw(std::uint64_t bits)
{
    return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

} // namespace coldframe::engine
