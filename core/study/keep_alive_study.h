#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "sim/estimate.h"
#include "study/scenario_file.h"

namespace coldframe::study {

/// What one keep-alive comes to, as the replications give it.
struct KeepAliveRow {
    double keepAliveS = 0;
    sim::Estimate coldStarts;
    std::optional<sim::Estimate> coldStartProbability; ///< none: nothing arrived
    sim::Estimate idleInstances; ///< time average
    sim::Estimate idleGbS; ///< idle instances by their memory, over the run
};

struct KeepAliveFunction {
    std::string name;
    std::vector<KeepAliveRow> rows;
    std::string
        approximate; ///< why the figures are not just what a simulation gives; empty: they are
};

struct KeepAliveStudy {
    std::string name; ///< of the scenario
    std::uint32_t replications = 1;
    std::vector<KeepAliveFunction> functions;
    std::vector<KeepAliveRow> total;
    bool exact() const;
};

/// Cold starts and idle time of every function of a scenario at each of these keep-alives, in one
/// pass over the arrivals of each replication.
///
/// `keepAlivesUs`: ascending, each once. Errors: those of the scenario; a function whose arrivals
/// depend on its answers. Nothing when it was stopped.
tl::expected<std::optional<KeepAliveStudy>, std::vector<Error>>
studyKeepAlive(const ScenarioFile& file, const std::vector<Setting>& settings,
               const std::vector<std::int64_t>& keepAlivesUs, unsigned threads,
               std::stop_token stop, const std::function<void(double)>& onProgress);

/// One line of JSON: `keepAliveCurve` of all functions together and `functions.NAME` with theirs,
/// and whether they are `exact`, or `approximate` and why.
std::string toJson(const KeepAliveStudy& study);
/// A row for each keep-alive and function, and for the total.
std::string toCsv(const KeepAliveStudy& study);

} // namespace coldframe::study
