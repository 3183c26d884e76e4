#pragma once

#include <cstdint>
#include <string>

#include "study/saturation_fit.h"

namespace coldframe::study {

/// A probed function, as a scenario names it.
struct ProbedFunction {
    std::string name, platform; ///< id of the platform's file
    int memoryMb = 128;
    int timeoutMs = 0; ///< 0: none
};

/// A scenario file with the function as it was fitted: its own time, and visits to a backend if
/// something is shared. Events come at random, four fifths as many as can be answered, or ten a
/// second: a beginning, to be changed.
std::string scenarioOf(const ProbedFunction& function, const Saturation& fit);

} // namespace coldframe::study
