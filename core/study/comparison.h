#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cost/price_book.h"
#include "sim/scripted_run.h"

namespace coldframe::study {

/// What a figure rests on, beside the times it was given.
enum class Basis : std::uint8_t {
    Counted, ///< decisions of the engine
    Modelled, ///< platform time from what was measured on this desk, prices from a price book
};
/// "counted", "modelled".
const char* nameOf(Basis basis);

/// One figure of two runs. Nothing when there is none: no percentile without an attempt.
struct FigurePair {
    const char* key = ""; ///< "coldStarts"
    const char* title = ""; ///< "Cold starts"
    const char* unit = ""; ///< "ms", "GB-s", "USD"; empty for counts
    Basis basis = Basis::Counted;
    std::optional<double> recorded, replayed;

    std::optional<double> difference() const
    {
        return recorded && replayed ? std::optional(*replayed - *recorded) : std::nullopt;
    }
};

struct ComparedFunction {
    std::string name; ///< empty: all together
    std::vector<FigurePair> figures; ///< always the same, in the same order
    sim::Origins origins; ///< of the replayed run's times
};

/// A run's course, one value a step; of latency, one every sim::RunCourse::kLatencySteps.
struct Course {
    std::vector<double> concurrency; ///< mean of attempts in use
    std::vector<double> instances; ///< mean of those alive
    std::vector<std::uint32_t> arrived, coldStarts, throttled;
    std::vector<double> costUsd; ///< from the beginning to the end of each step
    std::vector<std::optional<double>> p50Ms, p95Ms; ///< nothing where no attempt ended
};

struct Comparison {
    std::vector<ComparedFunction> functions; ///< by FunctionId
    ComparedFunction total;
    Duration step{}; ///< of the courses
    Course recorded, replayed; ///< of all functions together
};

/// One of two runs, and what it costs where.
struct ComparedRun {
    const sim::RunBook::Result& figures;
    const cost::PriceBook& prices;
};

/// What changed from the one run to the other. `names` by FunctionId. Costs are without a free
/// tier, with instances kept provisioned; percentiles are within 0.8 %.
Comparison compare(const ComparedRun& recorded, const ComparedRun& replayed,
                   const sim::ScriptedResult* origins, const std::vector<std::string>& names,
                   Duration step);

/// A heading and a line for every function and figure; the total's function is empty.
std::string toCsv(const Comparison& comparison);
/// The courses of both runs: a heading and a line for every step, with its first second. A run that
/// ended before has empty fields; latency stands in the first step of those it is of.
std::string seriesToCsv(const Comparison& comparison);

} // namespace coldframe::study
