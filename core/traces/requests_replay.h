#pragma once

#include "traces/replay.h"
#include "traces/requests_file.h"

namespace coldframe::traces {

/// The minutes of a trace of requests: to the end of the last one.
std::size_t minutesOf(const RequestsFile& file);

/// Replays functions [first, last), each in a pool of its own, and writes what each came to into
/// `figures`, from its begin. Of the rules only keep-alive and maximum concurrency count. The trace
/// ends when its last request does. False: it was stopped.
bool replayRequests(const RequestsFile& file, const ReplayRules& rules, std::size_t first,
                    std::size_t last, std::span<FunctionFigures> figures, PartFigures& part,
                    const std::stop_token& stop);

} // namespace coldframe::traces
