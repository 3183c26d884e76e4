#pragma once

#include <QGraphicsItem>

#include "ui/charts/study_lines.h"

class QChart;

namespace coldframe::ui {

/// One line of a study over a chart's plot area, with a soft band or error bars. Drawn at once with
/// a path: an area series of Qt Charts takes half a second at two thousand points.
class SpreadItem : public QGraphicsItem {
public:
    SpreadItem(QChart* chart, StudyLine line);

    /// `top`: the value at the upper edge of the plot area.
    void setRange(const StudyAxis& axis, double top);
    void setTheme(const Theme& theme);
    void relayout();
    const StudyLine& line() const { return m_line; }

    QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) override;

private:
    using Run = QList<SpreadPoint>; ///< without gaps, in pixels
    QList<Run> runs() const;
    void paintBand(QPainter& painter, const Run& run) const;
    void paintBars(QPainter& painter, const Run& run) const;
    void paintLine(QPainter& painter, const Run& run) const;

    QChart* m_chart;
    StudyLine m_line;
    StudyAxis m_axis;
    double m_top = 1;
    QColor m_color;
};

} // namespace coldframe::ui
