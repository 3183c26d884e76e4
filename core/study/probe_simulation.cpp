#include "study/probe_simulation.h"

namespace coldframe::study {

ProbePoint::Figures simulateLevel(const Saturation& fit, std::uint32_t concurrency, std::uint64_t)
{
    const double mean = fit.responseS(concurrency);
    return {.perS = concurrency / mean, .meanS = mean};
}

} // namespace coldframe::study
