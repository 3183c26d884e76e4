#include "cost/meters.h"

#include "engine/metering.h"

namespace coldframe::cost {

AttemptMeter attemptMeter(const engine::Meter& attempt, Architecture architecture,
                          std::uint32_t ephemeralMb, std::uint64_t streamedBytes,
                          const PriceBook& book)
{
    if (attempt.debugged)
        return {.requests = 0};
    AttemptMeter meter;
    meter.billed = attempt.billed;
    meter.memoryMb = attempt.memoryMb;
    meter.requests = 1 + attempt.extraRequests;
    meter.architecture = architecture;
    meter.provisioned = attempt.provisioned;
    if (ephemeralMb > book.freeEphemeralMb)
        meter.paidEphemeralMb = ephemeralMb - book.freeEphemeralMb;
    if (streamedBytes > book.freeStreamedBytes)
        meter.paidStreamedBytes = streamedBytes - book.freeStreamedBytes;
    return meter;
}

void add(Meters& meters, const AttemptMeter& attempt, std::uint64_t count)
{
    Meters one;
    add(one, attempt);
    forEachResource([&](Resource r) { meters[r] += one[r] * count; });
    meters.attempts += count;
}

void add(Meters& meters, const Meters& other)
{
    forEachResource([&](Resource r) { meters[r] += other[r]; });
    meters.attempts += other.attempts;
}

void addHeld(Meters& meters, Architecture architecture, std::uint32_t memoryMb,
             std::uint32_t instances, Duration time, const PriceBook& book)
{
    Duration held = time;
    if (const Duration rest
        = book.provisionedStep > Duration::zero() ? time % book.provisionedStep : Duration::zero();
        rest > Duration::zero())
        held += book.provisionedStep - rest;
    meters[heldOf(architecture)] += static_cast<Wide>(held.count()) * memoryMb * instances;
}

std::int64_t billedMs(Duration init, Duration run, Duration step)
{
    return std::chrono::ceil<std::chrono::milliseconds>(engine::billedTime(init, run, step))
        .count();
}

} // namespace coldframe::cost
