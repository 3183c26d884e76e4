#pragma once

#include <cstdint>
#include <vector>

#include "sim/script.h"

namespace coldframe::sim {

/// What comes from outside, in the order it is to be told.
struct PlannedFact {
    TimePoint at{};
    std::uint64_t row = 0; ///< in the recording; of a copy, that of the one it repeats
    std::uint32_t copy = 0; ///< 0: as recorded; else its number among the copies of one arrival
    std::uint32_t told = 0; ///< index into Script::told
};

/// How many facts plan() would give at most, to be asked before.
std::uint64_t plannedFacts(const Script& script, double rateFactor);

/// The recorded facts with every arrival `rateFactor` times. The copies of one lie evenly between
/// it and the next arrival of the same function; after the last one, as far apart as those arrive
/// on average. Of a fraction, each arrival gets one more copy, or is left out, by a draw of its
/// own: the same ones for the same seed. Events restored from a journal are left as they are.
std::vector<PlannedFact> plan(const Script& script, double rateFactor, std::uint64_t seed);

} // namespace coldframe::sim
