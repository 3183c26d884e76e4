#pragma once

#include <array>
#include <vector>

#include "traces/csv_text.h"
#include "traces/function_name.h"

namespace coldframe::traces {

/// The shares at which the durations file gives percentiles.
inline constexpr std::array<double, 7> kDurationShares{0, 0.01, 0.25, 0.5, 0.75, 0.99, 1};

struct FunctionDurations {
    FunctionName name;
    double averageMs = 0;
    std::array<double, kDurationShares.size()> percentilesMs{}; ///< never falling
};

struct DurationsFile {
    std::vector<FunctionDurations> functions;
    bool hasPercentiles = false;
};

/// Reads function_durations_percentiles.anon.dNN.csv (Azure Functions 2019): execution times in
/// milliseconds, without cold starts. Errors: missing columns, what is no duration, percentiles
/// that fall, each with its place.
Result<DurationsFile> readDurations(const CsvText& csv);

} // namespace coldframe::traces
