#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

#include "sim/model.h"

namespace coldframe::sim {

/// Whether the kernel gives exactly what the engine gives for this function, when it shares nothing
/// with others: one request an instance, most recently used first, a fixed keep-alive or none that
/// ends, an instance for each request that finds none, synchronous calls that are refused or wait,
/// at most one limit, no visits to backends. All else is the engine's.
bool kernelIsExact(const engine::Platform& platform, const FunctionModel& function);

/// One function in virtual time, without instances: for the kind of pool above, how many are busy
/// and since when each idle one has been idle says it all.
///
/// Stops early, with what has been counted so far, when asked to. `onProgress` is called now and
/// then with the virtual time reached.
Figures simulateKernel(const engine::Platform& platform, const FunctionModel& function,
                       std::uint64_t seed, const Window& window, std::stop_token stop = {},
                       const std::function<void(std::int64_t)>& onProgress = {});

} // namespace coldframe::sim
