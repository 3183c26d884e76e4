#pragma once

#include <QChartView>

#include "session/snapshot.h"
#include "ui/charts/gap_line.h"
#include "ui/charts/nice_range.h"
#include "ui/charts/series_points.h"
#include "ui/theme/theme.h"

class QAreaSeries;
class QLineSeries;
class QValueAxis;

namespace coldframe::ui {

class MarkLines;

/// The last 120 s of some figures as stacked areas or lines, on a quiet grid. The time axis never
/// moves and the other one only when its round end changes, so a refresh redraws the data alone.
class TimeChart : public QChartView {
    Q_OBJECT
public:
    using ColorRole = QColor Theme::*;
    static constexpr double kShownSeconds = 120.0;

    TimeChart(Quantity quantity, bool whole, QWidget* parent = nullptr);

    /// Areas lie on one another in the order they are added; lines lie above. Colours by role.
    void addArea(ColorRole role);
    void addLine(ColorRole role, Qt::PenStyle style = Qt::SolidLine);

    /// Fits the axis to the data, if it must; then come the points, in the base unit.
    void fit(double highest);
    void setAreas(const std::vector<QList<QPointF>>& edges);
    void setLine(std::size_t index, PointRuns runs);

    /// Where code or settings took effect; the mouse over a line says what. Of the picture's `now`.
    void setMarks(const std::shared_ptr<const session::Snapshot>& picture);

    void setTheme(const Theme& theme);

    /// What is drawn, in the axis's unit (see unit()), for tests and exports.
    QList<QPointF> areaEdge(std::size_t index) const;
    const PointRuns& line(std::size_t index) const { return m_lines[index].item->runs(); }
    const Unit& unit() const { return m_unit; }
    /// What the tool tip says at this place of the chart; empty where there is no mark.
    QString markAt(QPoint position) const;
    const MarkLines& marks() const { return *m_marks; }
    double axisMax() const { return m_range.range().max; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    /// The column around the chart scrolls, not the chart.
    void wheelEvent(QWheelEvent* event) override;
    bool viewportEvent(QEvent* event) override;

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
    MarkLines* m_marks;
    std::shared_ptr<const session::Snapshot> m_picture; ///< whose marks are shown
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui
