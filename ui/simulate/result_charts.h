#pragma once

#include <QWidget>

#include "ui/charts/study_card.h"
#include "ui/simulate/result_lines.h"

class QBoxLayout;
class QComboBox;

namespace coldframe::ui {

/// The charts of a result: over simulated time, and of a sweep one figure over what was swept.
class ResultCharts : public QWidget {
    Q_OBJECT
public:
    explicit ResultCharts(QWidget* parent = nullptr);

    /// `point` of the result is the one whose course over time is shown.
    void show(ResultPtr result, ResultPtr kept, std::size_t point);
    void setTheme(const Theme& theme);
    const sim::Metric& figure() const { return *m_figure; } ///< of functions
    QList<StudyCard*> cards() const; ///< those that are shown
    StudyCard* family() const { return m_family; }
    StudyCard* queues() const { return m_queues; }

Q_SIGNALS:
    void figureChosen(const coldframe::sim::Metric* figure);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void offerQueues(bool offered);
    void chooseFigure(int index);
    void arrange();
    void showFamily();
    void showTime();

    ResultPtr m_result, m_kept;
    std::size_t m_point = 0;
    const sim::Metric* m_figure;
    const sim::QueueMetric* m_queueFigure = nullptr; ///< in the chart in its place
    StudyCard* m_family;
    StudyCard* m_concurrency;
    StudyCard* m_events;
    StudyCard* m_queues; ///< hidden while there are none
    QComboBox* m_figures;
    QBoxLayout* m_row;
};

} // namespace coldframe::ui
