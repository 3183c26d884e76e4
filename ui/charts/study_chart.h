#pragma once

#include <QChartView>

#include "ui/charts/study_lines.h"

class QCategoryAxis;
class QValueAxis;

namespace coldframe::ui {

class SpreadItem;

/// Lines of a finished study with their bands or error bars, on a quiet grid: over simulated time,
/// or over the values of a setting. The mouse over it says what the values are.
class StudyChart : public QChartView {
    Q_OBJECT
public:
    explicit StudyChart(QWidget* parent = nullptr);

    /// At most kMostLines; further ones are left out.
    void show(Quantity quantity, StudyAxis axis, std::vector<StudyLine> lines);
    void setTheme(const Theme& theme);
    const std::vector<StudyLine>& lines() const { return m_lines; }
    /// "4 h\norders: 12.3 (11.9 – 13)" of the values nearest to a place; empty beside them.
    QString describe(QPoint position) const;
    double top() const { return m_range.max; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    void applyRanges();
    int marksToOneLabel() const;
    void styleAxes();
    QString valueText(double value) const;

    Quantity m_quantity = Quantity::Count;
    Unit m_unit;
    NiceRange m_range;
    StudyAxis m_axis;
    std::vector<StudyLine> m_lines;
    std::vector<SpreadItem*> m_items; ///< the chart owns them
    QCategoryAxis* m_x;
    QValueAxis* m_y;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui
