#pragma once

#include <vector>

#include "traces/csv_text.h"
#include "traces/function_name.h"

namespace coldframe::traces {

struct AppMemory {
    FunctionName name; ///< `function` is empty where the file counts by app, as the published one
    double averageMb = 0;
};

/// Reads app_memory_percentiles.anon.dNN.csv (Azure Functions 2019). Errors: missing columns, what
/// is no size, each with its place.
Result<std::vector<AppMemory>> readMemory(const CsvText& csv);

} // namespace coldframe::traces
