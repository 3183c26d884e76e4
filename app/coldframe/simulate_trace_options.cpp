#include <CLI/CLI.hpp>

#include "simulate_trace.h"
#include "traces/synthetic_day.h"

namespace coldframe::commands {

void addSimulateTrace(CLI::App& command, SimulateTraceOptions& options)
{
    auto* trace = command
                      .add_option("--trace", options.trace,
                                  "Replay a public trace: azure2019 reads a folder with a day's "
                                  "invocations, durations and memory, azure2021 a file of requests")
                      ->type_name("azure2019|azure2021")
                      ->check(CLI::IsMember({"azure2019", "azure2021"}));
    auto* synthetic = command
                          .add_flag("--synthetic-day", options.syntheticDay,
                                    "Replay a made-up day with the published figures of Azure "
                                    "Functions: 50,000 functions, 0.9 billion invocations")
                          ->excludes(trace);
    command.add_option("--functions", options.functions, "Functions of the synthetic day")
        ->type_name("N")
        ->needs(synthetic)
        ->check(CLI::Range(traces::SyntheticDay::kLeastFunctions,
                           traces::SyntheticDay::kMostFunctions));
    command.add_option("--day", options.day, "Which day, where the folder holds several")
        ->type_name("N")
        ->needs(trace)
        ->check(CLI::Range(1, 99));
    command
        .add_option("--arrivals", options.arrivals,
                    "Where arrivals lie in their minute: evenly spaced, drawn anywhere, or drawn "
                    "along the counts of the minutes around it")
        ->type_name("even|poisson|empirical")
        ->check(CLI::IsMember({"even", "poisson", "empirical"}));
    command
        .add_option("--service", options.service,
                    "How long invocations take: each as its function's average, or drawn from its "
                    "percentiles")
        ->type_name("average|percentiles")
        ->check(CLI::IsMember({"average", "percentiles"}));
    command
        .add_option("--keep-alive-curve", options.keepAliveCurve,
                    "Also cold starts and idle time for these keep-alive times, exactly and in the "
                    "same pass: 60..3600/60 (seconds; sixty, evenly apart) or 60,600,3600")
        ->type_name("SECONDS");
    command.add_option("--seed", options.seed, "Of all draws (default: 1)")->type_name("N");
    command.add_flag("--per-function", options.perFunction, "List every function in the JSON");
}

} // namespace coldframe::commands
