#pragma once

#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "sim/estimate.h"

namespace coldframe::study {

/// `mean` and `ci95`; null where there is no figure, or only one run.
nlohmann::ordered_json estimateJson(const std::optional<sim::Estimate>& estimate);

} // namespace coldframe::study
