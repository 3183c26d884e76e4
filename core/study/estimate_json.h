#pragma once

#include <optional>

#include <nlohmann/json.hpp>

#include "sim/estimate.h"

namespace coldframe::study {

/// `mean` and `ci95`; null where there is no figure, or only one run.
inline nlohmann::ordered_json estimateJson(const std::optional<sim::Estimate>& estimate)
{
    using Json = nlohmann::ordered_json;
    if (!estimate)
        return nullptr;
    return {{"mean", estimate->mean},
            {"ci95", estimate->ci95 ? Json(*estimate->ci95) : Json(nullptr)}};
}

} // namespace coldframe::study
