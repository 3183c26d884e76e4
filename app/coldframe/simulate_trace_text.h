#pragma once

#include <string>

#include "study/trace_study.h"

namespace coldframe::commands {

struct SimulateTraceOptions;

/// The answer for people: totals, the curve, the worst functions, and where the figures come from.
std::string traceText(const SimulateTraceOptions& options, const study::TraceQuestion& question,
                      const study::TraceAnswer& answer);
/// The same for programs: one line of JSON. Sums are whole numbers and exact.
std::string traceJson(const SimulateTraceOptions& options, const study::TraceQuestion& question,
                      const study::TraceAnswer& answer);
/// The functions, or the curve when one was asked for.
std::string traceCsv(const study::TraceQuestion& question, const study::TraceAnswer& answer);

/// What had to be assumed or left out, a sentence each.
std::vector<std::string> traceNotes(const study::TraceQuestion& question,
                                    const study::TraceAnswer& answer);
/// How the figures came about and what is measured, modelled, assumed: a sentence each.
std::vector<std::string> traceOrigin(const study::TraceQuestion& question,
                                     const study::TraceAnswer& answer);
/// No draw and no approximation: the same trace gives these figures whatever the seed.
bool isExact(const study::TraceQuestion& question);

} // namespace coldframe::commands
