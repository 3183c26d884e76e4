#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "study/work_crew.h"
#include "traces/azure_trace.h"
#include "traces/replay.h"

namespace coldframe::study {

/// What to replay, and how.
struct TraceQuestion {
    enum class Source {
        Azure2019, ///< `path` is a folder with invocations, durations and memory of a day
        Azure2021, ///< `path` is a file that lists every request
        SyntheticDay, ///< made of `functions` and the seed
    };
    Source source = Source::Azure2019;
    std::filesystem::path path;
    std::optional<int> day;
    std::size_t functions = 50'000;
    traces::ReplayRules rules;
    std::optional<std::size_t> accountConcurrency;
    std::vector<std::int64_t> keepAlivesUs; ///< for which figures are wanted beside the rules' own
    unsigned threads = 1;
};

struct FunctionAnswer {
    std::string name;
    traces::FunctionFigures figures;
    std::int64_t serviceUs = 0; ///< average; 0: each request has its own
    double memoryMb = 0; ///< 0: not known
};

/// Whether the account's limit mattered.
enum class AccountLimit {
    None, ///< there is none
    NeverReached, ///< functions together never came near it: as if there were none, exactly
    Applied, ///< all functions were replayed in one order of time
};

struct TraceAnswer {
    std::vector<FunctionAnswer> functions; ///< in an order of their own
    traces::FunctionFigures total; ///< `peak`: of a single function
    std::vector<traces::KeepAliveFigures> keepAlives; ///< those asked for
    traces::MinuteSeries series{0};
    std::int64_t lengthUs = 0;
    AccountLimit accountLimit = AccountLimit::None;
    std::uint64_t concurrencyAtMost = 0; ///< of all functions together, without a limit
    traces::JoinNotes notes;
    double idleMbUs = 0; ///< of the functions whose memory is known
};

/// Reads the files and replays them on so many threads. The answer does not depend on how many.
/// Errors: what the files' readers say, not enough memory, and Unavailable when it was stopped.
Result<TraceAnswer> answer(const TraceQuestion& question, const std::stop_token& stop,
                           const Progress& progress);

/// A duration below which so large a share of the invocations that ran stayed, in µs; 0 when there
/// are none or they were drawn one by one. Init takes no time, so it is their response time too.
std::int64_t serviceQuantile(const TraceAnswer& answer, double share);

} // namespace coldframe::study
