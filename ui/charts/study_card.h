#pragma once

#include "ui/charts/chart_card.h"
#include "ui/charts/study_lines.h"

namespace coldframe::ui {

class StudyChart;

/// A card with a chart of a finished study; its legend names the lines.
class StudyCard : public ChartCard {
    Q_OBJECT
public:
    explicit StudyCard(const QString& title, QWidget* parent = nullptr);
    void show(Quantity quantity, StudyAxis axis, std::vector<StudyLine> lines);
    void setTheme(const Theme& theme) override;
    /// A control at the right end of the legend's line.
    void addTool(QWidget* tool);
    /// What the chart leaves out.
    void setNote(const QString& note) { setFigure(QString(), note); }
    /// What a screen reader calls the chart.
    void setChartName(const QString& name);
    StudyChart* chart() const { return m_chart; } ///< for exports and tests

private:
    StudyChart* m_chart;
};

} // namespace coldframe::ui
