#pragma once

#include "sim/metrics.h"
#include "sim/queue_metrics.h"
#include "ui/charts/study_lines.h"
#include "ui/simulate/simulation_job.h"

// From a result to the lines of its charts. A kept result's lines come behind, dashed.
namespace coldframe::ui {

/// Attempts in use and instances over simulated time, with the band of the replications.
std::vector<StudyLine> concurrencyLines(const study::PointResult& point,
                                        const study::PointResult* kept);
/// Cold starts and throttled invocations per second.
std::vector<StudyLine> eventLines(const study::PointResult& point, const study::PointResult* kept);
/// Messages in each queue, hidden ones included.
std::vector<StudyLine> queueLines(const study::PointResult& point, const study::PointResult* kept);
StudyAxis timeAxisOf(const study::PointResult& point);

/// One figure over the first swept setting: a line for each value of the second, or for each
/// function. Bars are 95 % confidence intervals.
struct Family {
    Quantity quantity = Quantity::Count;
    StudyAxis axis;
    std::vector<StudyLine> lines;
    int leftOut = 0; ///< lines there is no room for
};
Family familyOf(const study::SimulationResult& result, const study::SimulationResult* kept,
                const sim::Metric& metric);
/// The same of queues: a line for each queue, and for each value of the second setting.
Family familyOf(const study::SimulationResult& result, const study::SimulationResult* kept,
                const sim::QueueMetric& metric);

} // namespace coldframe::ui
