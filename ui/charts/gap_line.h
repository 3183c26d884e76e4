#pragma once

#include <QGraphicsItem>
#include <QPen>

#include "ui/charts/series_points.h"

class QChart;

namespace coldframe::ui {

/// A line over a chart's plot area that may have gaps. A QLineSeries cannot: it joins its points
/// across a gap and shows a lone point not at all.
class GapLine : public QGraphicsItem {
public:
    explicit GapLine(QChart* chart);

    /// Points in the chart's coordinates.
    void setRuns(PointRuns runs);
    const PointRuns& runs() const { return m_runs; }
    void setPen(const QPen& pen);
    /// The plot area or the axes changed.
    void relayout();
    /// The ranges the points are drawn over.
    void setRanges(QRectF values);

    QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) override;

private:
    QChart* m_chart;
    PointRuns m_runs;
    QPen m_pen;
    QRectF m_values{-120.0, 0.0, 120.0, 1.0};
};

} // namespace coldframe::ui
