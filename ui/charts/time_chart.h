#pragma once

#include <QChartView>

#include "ui/charts/gap_line.h"
#include "ui/charts/nice_range.h"
#include "ui/charts/series_points.h"
#include "ui/theme/theme.h"

class QAreaSeries;
class QLineSeries;
class QValueAxis;

namespace coldframe::ui {

/// The last 120 s of some figures as stacked areas or lines, on a quiet grid. The time axis never
/// moves and the other one only when its round end changes, so a refresh redraws the data alone.
class TimeChart : public QChartView {
    Q_OBJECT
public:
    using ColorRole = QColor Theme::*;

    TimeChart(Quantity quantity, bool whole, QWidget* parent = nullptr);

    /// Areas lie on one another in the order they are added; lines lie above. Colours by role.
    void addArea(ColorRole role);
    void addLine(ColorRole role, Qt::PenStyle style = Qt::SolidLine);

    /// Fits the axis to the data, if it must; then come the points, in the base unit.
    void fit(double highest);
    void setAreas(const std::vector<QList<QPointF>>& edges);
    void setLine(std::size_t index, PointRuns runs);

    void setTheme(const Theme& theme);

    /// What is drawn, in the axis's unit (see unit()), for tests and exports.
    QList<QPointF> areaEdge(std::size_t index) const;
    const PointRuns& line(std::size_t index) const { return m_lines[index].item->runs(); }
    const Unit& unit() const { return m_unit; }
    double axisMax() const { return m_range.range().max; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    /// The column around the chart scrolls, not the chart.
    void wheelEvent(QWheelEvent* event) override;

private:
    struct Area {
        QAreaSeries* series = nullptr;
        QLineSeries* edge = nullptr;
        ColorRole role = nullptr;
    };
    struct Line {
        GapLine* item = nullptr;
        ColorRole role = nullptr;
        Qt::PenStyle style = Qt::SolidLine;
    };
    void styleAxes();
    void applyRange();

    Quantity m_quantity;
    FollowingRange m_range;
    Unit m_unit;
    QValueAxis* m_time;
    QValueAxis* m_value;
    std::vector<Area> m_areas;
    std::vector<Line> m_lines;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui
