#pragma once

#include <QWidget>

#include "study/comparison.h"
#include "ui/charts/study_card.h"

class QGridLayout;

namespace coldframe::ui {

/// Both runs over time, of all functions together: what came, concurrency, latency, cold starts,
/// throttles, cost. In rows of three, or of two where there is little room.
class ReplayCharts : public QWidget {
    Q_OBJECT
public:
    explicit ReplayCharts(QWidget* parent = nullptr);

    void show(const study::Comparison& comparison, bool played);
    void setTheme(const Theme& theme);
    QList<StudyCard*> cards() const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    void showFigure(StudyCard& card, const study::Comparison& comparison, const char* key,
                    const QString& what, bool played);

    StudyCard* m_concurrency;
    StudyCard* m_latency;
    StudyCard* m_cost;
    StudyCard* m_arrivals;
    StudyCard* m_coldStarts;
    StudyCard* m_throttles;
    QGridLayout* m_grid;
    int m_columns = 0;
};

} // namespace coldframe::ui
