#pragma once

#include <cstdint>

#include "engine/configuration.h"
#include "model/time.h"

namespace coldframe::engine {

/// What the attempt would have taken on the platform, modelled from what it took here: time off
/// the CPU stays (without waiting for a busy core of this machine), time on the CPU stretches by
/// the share of a vCPU that the memory buys.
///
/// One running thread: exact under that model. Several (cpu > wall): at least the wall time and at
/// least all the CPU work through the vCPUs bought, which is the lower bound of the truth.
/// `mbPerVcpu` 0: the CPU is not scaled.
/// Source: AWS Lambda quotas, "at 1,769 MB a function has the equivalent of one vCPU", read 2026.
Duration platformTime(Duration wall, Duration cpu, Duration runQueueWait, std::uint32_t memoryMb,
                      std::uint32_t mbPerVcpu);

/// Rounded up to whole steps; init and run are summed before. At least one step when anything ran.
Duration billedTime(Duration init, Duration run, Duration step);

/// Requests charged beyond the first for an asynchronous event of this size.
std::uint32_t extraRequests(std::uint32_t bytes, const Platform& platform);

/// How long an instance stays idle before it is retired: `unit` in [0, 1) picks from the curve.
Duration keepAliveOnCurve(const KeepAlive& keepAlive, double unit);
inline Duration keepAliveFor(const KeepAlive& keepAlive, double unit)
{
    const auto& survival = keepAlive.survival;
    const bool fixed = survival.size() == 1 && survival.front().alive <= unit;
    return fixed ? survival.front().idle : keepAliveOnCurve(keepAlive, unit);
}

} // namespace coldframe::engine
