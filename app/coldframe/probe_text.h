#pragma once

#include <string>

#include "study/probe_report.h"

namespace coldframe::commands {

/// A table with a bar for each level's answers a second and time to an answer, the fit, the knee
/// and what to do. For people.
std::string probeText(const study::ProbeReport& report, const std::string& function);

/// The same as one line of JSON. Times in seconds.
std::string probeJson(const study::ProbeReport& report, const std::string& function);

} // namespace coldframe::commands
