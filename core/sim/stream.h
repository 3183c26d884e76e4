#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

// Chance as a rule (docs/SIMULATION.md): a number depends on the seed, what it is for, whose it is
// and which one it is, and on nothing else. So two simulations that differ in a setting see the
// same luck, functions can be simulated in any order and on any number of threads, and a draw can
// be read without reading those before it.
namespace coldframe::sim {

/// What a stream of draws is for.
enum class Draw : std::uint64_t {
    Gap = 1, ///< between arrivals
    Service,
    Init,
    ColdService, ///< service of a cold start that has a law of its own
    Failure,
    Backoff, ///< of a client that tries again
    Think, ///< of a client in a closed loop
    Phase, ///< on or off, of arrivals in bursts
    Backend, ///< service of a visit; see partOf()
    Place, ///< of a trace's arrivals within their minute
    Pick, ///< of one of several recorded figures
    Population, ///< of made-up functions
    Message, ///< what a message adds to the service of its batch; see partOf()
    MessageFailure, ///< likewise: whether it fails
    MessageGroup, ///< which one a message is of
    PartitionKey, ///< which one a record of a stream has
    KeyHash, ///< of a partition key: says its shard and lane
    Record, ///< what a record adds to the service of its batch
    RecordFailure, ///< whether it fails this time
    Poison, ///< whether it fails each time
};

/// The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
[[gnu::always_inline]] constexpr std::uint64_t mixed(std::uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

inline constexpr std::uint64_t kGamma = 0x9e3779b97f4a7c15U;

/// An endless list of draws that can be read at any place.
class Stream {
public:
    constexpr Stream() = default;
    constexpr Stream(std::uint64_t seed, Draw what, std::uint64_t entity)
        : m_key(
            mixed(mixed(mixed(seed + kGamma) + static_cast<std::uint64_t>(what) * kGamma + kGamma)
                  + entity * kGamma + kGamma))
    { }
    /// 64 evenly distributed bits: SplitMix64 at its n-th step.
    constexpr std::uint64_t bits(std::uint64_t n) const { return mixed(m_key + n * kGamma); }
    constexpr std::uint64_t key() const { return m_key; }

private:
    std::uint64_t m_key = 0;
};

/// In (0, 1): the middle of one of 2^52 equal steps, so that logarithms of it and of what it leaves
/// of 1 exist.
[[gnu::always_inline]] constexpr double unitOf(std::uint64_t bits)
{
    return std::bit_cast<double>((bits >> 12) | 0x3ff0000000000000U) - (1.0 - 0x1p-53);
}

/// Names are entities: a function keeps its luck when others come, go or change their order.
constexpr std::uint64_t entityOf(std::string_view name)
{
    std::uint64_t hash = 0xcbf29ce484222325U; // FNV-1a, then mixed
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return mixed(hash + kGamma);
}

/// Attempts and tries after the first have draws of their own, far from the others'.
constexpr std::uint64_t drawOf(std::uint64_t index, std::uint32_t repeat)
{
    return index + (std::uint64_t{repeat} << 48);
}

/// Of something that has numbered parts, each with a stream of its own.
constexpr std::uint64_t partOf(std::uint64_t entity, std::uint64_t part)
{
    return mixed(entity + (part + 1) * kGamma);
}

} // namespace coldframe::sim
