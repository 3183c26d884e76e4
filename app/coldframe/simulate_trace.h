#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "exit_code.h"

namespace CLI {
class App;
}

namespace coldframe::commands {

/// What `coldframe simulate --trace` and `--synthetic-day` are told.
struct SimulateTraceOptions {
    std::string trace; ///< "azure2019", "azure2021"; empty: none
    bool syntheticDay = false;
    std::filesystem::path path; ///< the trace's folder or file
    std::optional<int> day;
    std::size_t functions = 50'000;
    std::string arrivals = "even", service = "average";
    std::string keepAliveCurve; ///< as written
    std::uint64_t seed = 1;
    bool perFunction = false;
    // As for a scenario:
    std::vector<std::string> settings; ///< PATH=VALUE
    std::filesystem::path csv; ///< empty: none is written
    unsigned threads = 0; ///< 0: all
    bool json = false;

    bool chosen() const { return syntheticDay || !trace.empty(); }
    /// Whether an option is set that means nothing without a trace.
    bool anyOption() const
    {
        return day || arrivals != "even" || service != "average"
            || seed != 1 || perFunction;
    }
};

/// Replays a trace in virtual time. Standard output gets the result and nothing else.
ExitCode simulateTrace(const SimulateTraceOptions& options);

/// Adds the options that only a trace has; the others are a scenario's too.
void addSimulateTrace(CLI::App& command, SimulateTraceOptions& options);

} // namespace coldframe::commands
