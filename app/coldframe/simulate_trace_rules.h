#pragma once

#include <string_view>

#include "study/trace_study.h"

namespace coldframe::commands {

struct SimulateTraceOptions;

/// What the options ask for. Errors: values that are no rule's, or that exclude each other.
Result<study::TraceQuestion> traceQuestion(const SimulateTraceOptions& options);

/// Reads "60..3600/60" or "60,600,3600", seconds, as rising µs. Errors: no such list; more than
/// 100,000 values; beyond 10^6 s.
Result<std::vector<std::int64_t>> parseKeepAlives(std::string_view text);

} // namespace coldframe::commands
