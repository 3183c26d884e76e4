#pragma once

#include <cstdint>

#include "study/probe_report.h"

namespace coldframe::study {

/// What so many callers would see of a function with that fit, simulated: each waits for an
/// answer and calls again at once, and each has an instance. Modelled.
ProbePoint::Figures simulateLevel(const Saturation& fit, std::uint32_t concurrency,
                                  std::uint64_t seed);

} // namespace coldframe::study
