#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include <QList>
#include <QPointF>

#include "session/snapshot.h"
#include "ui/charts/live_column.h"

namespace coldframe::charts_test {

/// By slice since the run began; nothing where nothing is drawn.
using DrawnLine = std::map<std::size_t, double>;

/// What the live column drew at one moment, in the base units of its charts.
struct Drawn {
    std::shared_ptr<const session::Snapshot> moment;
    std::vector<DrawnLine> pool, rate, latency, cost; ///< areas each without those below it
    DrawnLine limit;

    std::size_t sliceOf(TimePoint end) const;
    std::size_t first() const { return sliceOf(moment->firstBucketAt + session::kBucketLength); }
    std::size_t last() const { return sliceOf(moment->now); }
    void add(DrawnLine& line, const QList<QPointF>& points, double factor) const;
};

/// Shows this picture, whatever the column was about to draw, and reads its charts.
Drawn drawnAt(ui::LiveColumn& column, std::shared_ptr<const session::Snapshot> moment);

} // namespace coldframe::charts_test
