#pragma once

#include <string>

#include "study/simulation.h"

namespace coldframe::commands {

/// The result for people: a table of the figures that say something, how they were come by, and
/// where the assumptions come from.
std::string simulationText(const study::SimulationResult& result);

} // namespace coldframe::commands
