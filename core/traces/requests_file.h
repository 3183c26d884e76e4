#pragma once

#include <cstdint>
#include <vector>

#include "traces/csv_text.h"
#include "traces/function_name.h"

namespace coldframe::traces {

/// One invocation of a trace that lists them all.
struct Request {
    std::int64_t startUs = 0, durationUs = 0; ///< from the beginning of the trace
};

/// The invocations of each function, by start; a function in the order of its first row.
struct RequestsFile {
    std::vector<FunctionName> names; ///< `owner` is empty
    std::vector<std::size_t> first{0}; ///< of each function's requests; one more than names
    std::vector<Request> requests;
    std::int64_t endUs = 0; ///< of the last to end
};

/// Reads the Azure Functions 2021 trace: app, func, end_timestamp, duration, in seconds and in any
/// order of rows; a request starts `duration` before its end. Errors: missing columns, what is no
/// time, each with its place.
Result<RequestsFile> readRequests(const CsvText& csv);

} // namespace coldframe::traces
