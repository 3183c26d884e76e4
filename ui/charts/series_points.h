#pragma once

#include <QList>
#include <QPointF>

#include <vector>

#include "session/snapshot.h"

// From a snapshot's buckets to the points a chart draws: x in seconds before now (never positive),
// y in the unit of the bucket. A bucket's point lies at its end; the last one, still filling, at 0.
namespace coldframe::ui {

/// A line with gaps: each run is drawn for itself. A run of one point is a dot.
using PointRuns = std::vector<QList<QPointF>>;

/// Edges of stacked areas, each on top of the one before, and the highest point of all.
struct StackPoints {
    std::vector<QList<QPointF>> edges;
    double highest = 0.0;
};
struct LinePoints {
    std::vector<PointRuns> lines;
    double highest = 0.0;
};

/// Seconds before the snapshot's now at which bucket `index` is drawn.
double bucketX(const session::Snapshot& snapshot, std::size_t index);

/// busy, idle, initialising.
StackPoints concurrencyPoints(const session::Snapshot& snapshot);
/// The limits in force; buckets without one make gaps.
PointRuns limitPoints(const session::Snapshot& snapshot);
/// p50, p95, p99 in milliseconds. Slices in which nothing ended make gaps.
LinePoints latencyPoints(const session::Snapshot& snapshot);
/// arrived, ended, throttled per second. The slice that still fills is left out: its rate would
/// jump. The slice in which the run began counts with its true length. Where nothing is throttled
/// there is no line of throttles: a red one along the axis would look like trouble.
LinePoints ratePoints(const session::Snapshot& snapshot);
/// requests, compute, provisioned: dollars since the run began.
StackPoints costPoints(const session::Snapshot& snapshot);

/// What a month would cost if it went on as in the shown window, in dollars; 0 when there is too
/// little to say (less than a second).
double dollarsPerMonth(const session::Snapshot& snapshot);

} // namespace coldframe::ui
