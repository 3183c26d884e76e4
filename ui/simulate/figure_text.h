#pragma once

#include <QString>

#include <optional>

#include "sim/estimate.h"
#include "sim/metrics.h"
#include "sim/queue_metrics.h"
#include "study/sweep.h"

// The figures of a simulation as people read them, in the user's locale.
namespace coldframe::ui {

/// "Cold share", "Response p95".
QString figureTitle(const sim::Metric& metric);
/// "Depth, peak", "Sent to deleted p95".
QString queueFigureTitle(const sim::QueueMetric& metric);
/// Figures of queues read like those of functions.
sim::Metric asMetric(const sim::QueueMetric& metric);
/// A figure and half the width of its confidence interval, in the same unit.
struct FigureParts {
    QString value; ///< "412.3 ms"; "–" where the runs do not say
    QString half; ///< "8.1"; empty when there was one run, or none differed
};
FigureParts figureParts(const sim::Metric& metric, const std::optional<sim::Estimate>& figure);
/// "1.23 % ± 0.05", "412 ms ± 8".
QString figureText(const sim::Metric& metric, const std::optional<sim::Estimate>& figure);

/// How a figure differs from an earlier one.
struct Difference {
    QString text; ///< "+12.3 %", "= same", "−1 % (within ±)"; empty: nothing to compare
    bool beyondChance = false; ///< the two confidence intervals explain less
};
Difference differenceOf(const std::optional<sim::Estimate>& now,
                        const std::optional<sim::Estimate>& before);

/// The last part of a setting's path that tells it from others: "orders.memoryMb".
QString shortPath(const std::string& path);
/// A setting's value without the quotes of JSON.
QString plainValue(const std::string& json);

} // namespace coldframe::ui
