#include "drawn_column.h"

#include <cmath>

#include <QAreaSeries>
#include <QChart>
#include <QLineSeries>

#include "chart_of.h"
#include "ui/charts/live_cards.h"
#include "ui/charts/time_chart.h"

namespace coldframe::charts_test {

using ui::chartOf;
using ui::LiveCard;
using ui::LiveColumn;
using ui::TimeChart;

/// Slices are drawn at their ends, the one that fills at the moment itself.
std::size_t Drawn::sliceOf(TimePoint end) const
{
    const double slices = toSeconds(end - moment->startedAt) / toSeconds(session::kBucketLength);
    return static_cast<std::size_t>(std::ceil(slices - 1e-6)) - 1;
}

void Drawn::add(DrawnLine& line, const QList<QPointF>& points, double factor) const
{
    for (const QPointF& point : points) {
        const auto before = Duration(static_cast<Duration::rep>(std::round(point.x() * 1e9)));
        line[sliceOf(moment->now + before)] = point.y() / factor;
    }
}

namespace {

std::vector<DrawnLine> drawnAreas(const Drawn& drawn, const TimeChart& chart)
{
    std::vector<DrawnLine> areas;
    const QLineSeries* below = nullptr;
    for (QAbstractSeries* series : chart.chart()->series()) {
        const auto* area = qobject_cast<QAreaSeries*>(series);
        if (!area)
            continue;
        drawn.add(areas.emplace_back(), area->upperSeries()->points(), chart.unit().factor);
        if (area->lowerSeries() != below)
            areas.clear(); // not stacked: the caller finds too few
        below = area->upperSeries();
    }
    for (std::size_t i = areas.size(); i-- > 1;)
        for (auto& [slice, value] : areas[i])
            value -= areas[i - 1][slice];
    return areas;
}

DrawnLine drawnLine(const Drawn& drawn, const TimeChart& chart, std::size_t index)
{
    DrawnLine line;
    for (const QList<QPointF>& run : chart.line(index))
        drawn.add(line, run, chart.unit().factor);
    return line;
}

} // namespace

Drawn drawnAt(LiveColumn& column, std::shared_ptr<const session::Snapshot> moment)
{
    column.hide();
    column.show(moment);
    column.show();
    Drawn drawn{.moment = std::move(moment)};
    drawn.pool = drawnAreas(drawn, *chartOf(column, "Concurrency"));
    drawn.limit = drawnLine(drawn, *chartOf(column, "Concurrency"), 0);
    drawn.cost = drawnAreas(drawn, *chartOf(column, "Cost so far"));
    for (std::size_t i = 0; i < 3; ++i) {
        drawn.rate.push_back(drawnLine(drawn, *chartOf(column, "Rate"), i));
        drawn.latency.push_back(drawnLine(drawn, *chartOf(column, "Latency"), i));
    }
    return drawn;
}

} // namespace coldframe::charts_test
