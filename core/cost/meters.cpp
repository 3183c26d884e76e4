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
    for (Meters::Compute& compute : one.compute) {
        compute.onDemand *= count;
        compute.provisioned *= count;
    }
    one.attempts = count;
    one.requests *= count;
    one.ephemeral *= count;
    one.streamed *= count;
    add(meters, one);
}

void add(Meters& meters, const Meters& other)
{
    for (std::size_t i = 0; i < meters.compute.size(); ++i) {
        meters.compute[i].onDemand += other.compute[i].onDemand;
        meters.compute[i].provisioned += other.compute[i].provisioned;
        meters.compute[i].held += other.compute[i].held;
    }
    meters.attempts += other.attempts;
    meters.requests += other.requests;
    meters.ephemeral += other.ephemeral;
    meters.streamed += other.streamed;
}

void addHeld(Meters& meters, Architecture architecture, std::uint32_t memoryMb,
             std::uint32_t instances, Duration time, const PriceBook& book)
{
    Duration held = time;
    if (const Duration rest
        = book.provisionedStep > Duration::zero() ? time % book.provisionedStep : Duration::zero();
        rest > Duration::zero())
        held += book.provisionedStep - rest;
    meters.compute[static_cast<std::size_t>(architecture)].held
        += static_cast<Wide>(held.count()) * memoryMb * instances;
}

std::int64_t billedMs(Duration init, Duration run, Duration step)
{
    return std::chrono::ceil<std::chrono::milliseconds>(engine::billedTime(init, run, step))
        .count();
}

} // namespace coldframe::cost
