#pragma once

#include <QGraphicsItem>
#include <QList>
#include <QPen>

#include "session/snapshot.h"

class QChart;

namespace coldframe::ui {

/// What is said of the marks within some seconds of one; they may lie too close to tell apart.
QString textOfMarks(const std::vector<session::Mark>& marks, TimePoint at, Duration within);

/// Upright lines over a chart's plot area, where code or settings took effect.
class MarkLines : public QGraphicsItem {
public:
    explicit MarkLines(QChart* chart);

    /// Seconds before now, 0 or less. The chart's time axis ends now and begins `shown` before.
    void setTimes(QList<double> seconds);
    const QList<double>& times() const { return m_seconds; }
    void setPen(const QPen& pen);
    /// The plot area changed.
    void relayout();

    QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) override;

private:
    QChart* m_chart;
    QList<double> m_seconds;
    QPen m_pen;
};

} // namespace coldframe::ui
