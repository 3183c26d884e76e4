#pragma once

#include <array>
#include <cstdint>

#include "cost/price_book.h"
#include "cost/resource.h"
#include "cost/wide.h"
#include "engine/action.h"
#include "model/time.h"

// What is counted before it is priced: exact sums, the same whatever the order.
namespace coldframe::cost {

/// What one attempt uses.
struct AttemptMeter {
    Duration billed{}; ///< engine::billedTime() of it; zero or more
    std::uint64_t paidStreamedBytes = 0; ///< above the free size of a response
    std::uint32_t memoryMb = 128; ///< configured
    std::uint32_t paidEphemeralMb = 0; ///< configured, above the free size
    std::uint32_t requests = 1; ///< 1, and more for large asynchronous events
    Architecture architecture = Architecture::X86_64;
    bool provisioned = false; ///< ran on a provisioned instance
};

/// The meter of an attempt the engine ended; of one that was debugged, which costs nothing, an
/// empty one. `ephemeralMb` is what the function configured,
/// `streamedBytes` the size of a streamed answer (0 for others, which are free of this charge).
AttemptMeter attemptMeter(const engine::Meter& attempt, Architecture architecture,
                          std::uint32_t ephemeralMb, std::uint64_t streamedBytes,
                          const PriceBook& book);

/// The resource of an attempt's memory for its billed time, and of keeping instances ready.
constexpr Resource computeOf(Architecture architecture, bool provisioned)
{
    const bool arm = architecture == Architecture::Arm64;
    if (provisioned)
        return arm ? Resource::ProvisionedComputeArm : Resource::ProvisionedComputeX86;
    return arm ? Resource::ComputeArm : Resource::ComputeX86;
}
constexpr Resource heldOf(Architecture architecture)
{
    return architecture == Architecture::Arm64 ? Resource::HeldArm : Resource::HeldX86;
}

/// Sums over any number of attempts and instances, by resource.
class Meters {
public:
    std::uint64_t attempts = 0;

    Wide& operator[](Resource r) { return m_used[static_cast<std::size_t>(r)]; }
    Wide operator[](Resource r) const { return m_used[static_cast<std::size_t>(r)]; }

private:
    std::array<Wide, kResources> m_used{};
};

/// Some 1e9 attempts of 10 GB over 900 s stay far below 128 bits, so nothing is checked here.
inline void add(Meters& meters, const AttemptMeter& attempt)
{
    const Wide billed = static_cast<Wide>(attempt.billed.count());
    meters[computeOf(attempt.architecture, attempt.provisioned)] += billed * attempt.memoryMb;
    meters[Resource::Ephemeral] += billed * attempt.paidEphemeralMb;
    meters[Resource::Streamed] += attempt.paidStreamedBytes;
    meters[Resource::Requests] += attempt.requests;
    ++meters.attempts;
}

/// `count` attempts that are all alike, at once.
void add(Meters& meters, const AttemptMeter& attempt, std::uint64_t count);

/// Sums of two parts of one run.
void add(Meters& meters, const Meters& other);

/// Keeping `instances` of `memoryMb` provisioned for `time`, which is rounded up as the book says.
void addHeld(Meters& meters, Architecture architecture, std::uint32_t memoryMb,
             std::uint32_t instances, Duration time, const PriceBook& book);

/// engine::billedTime() in whole milliseconds, rounded up, as log lines show it: the ceiling, to
/// whole steps, of init and run *together*, one step at least. Pass an init of zero where it is not
/// billed.
/// Source: https://aws.amazon.com/lambda/pricing/ (2026): rounded up to the nearest 1 ms; init is
///         included since 2025-08-01.
/// Example: init 80.00 ms + run 133.61 ms is billed as 214 ms.
std::int64_t billedMs(Duration init, Duration run, Duration step);

} // namespace coldframe::cost
