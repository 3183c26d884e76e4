#pragma once

#include <span>
#include <string_view>

#include "sim/backend.h"

namespace coldframe::sim {

/// What a figure of a backend is made from.
struct BackendMeasured {
    const BackendFigures& figures;
    const Window& window;
    const BackendRules& rules;
};

/// One figure of a backend, as files and tables name it.
struct BackendMetric {
    std::string_view key; ///< "refusedProbability", "responseS/p95"
    std::string_view unit; ///< "s", "servers"; empty for counts and shares
    double (*of)(const BackendMeasured&); ///< NaN where the run does not say
};

/// All of them, in the order of results.
std::span<const BackendMetric> backendMetrics();
const BackendMetric* findBackendMetric(std::string_view key);

} // namespace coldframe::sim
