#pragma once

#include <filesystem>
#include <optional>

#include "model/error.h"

namespace coldframe::study {

/// The files of one day of the Azure Functions trace of 2019.
struct TraceFiles {
    std::filesystem::path invocations, durations;
    std::filesystem::path memory; ///< empty: there is none; the published days 13 and 14 have none
};

/// Finds them by their published names (…anon.dNN.csv) or the names of the sample
/// (invocations.csv). Errors: no such folder or file; more than one day and none chosen.
Result<TraceFiles> findTraceFiles(const std::filesystem::path& folder, std::optional<int> day);

} // namespace coldframe::study
