#pragma once

#include <QWidget>

#include "session/queue_view.h"
#include "ui/theme/theme.h"

namespace coldframe::ui {

class ChartCard;
class TimeChart;

/// What a queue did over the last 120 s: what lies in it, how old the oldest message is, and how
/// fast messages come, go and are given up.
class QueueCharts : public QWidget {
    Q_OBJECT
public:
    explicit QueueCharts(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// `now`: by the clock of its samples.
    void showQueue(const session::QueueView& queue, TimePoint now);

    ChartCard* depthCard() const { return m_depth; }
    ChartCard* ageCard() const { return m_age; }
    ChartCard* rateCard() const { return m_rate; }
    TimeChart* depthChart() const { return m_depthChart; }
    TimeChart* ageChart() const { return m_ageChart; }
    TimeChart* rateChart() const { return m_rateChart; }

private:
    ChartCard *m_depth, *m_age, *m_rate;
    TimeChart *m_depthChart, *m_ageChart, *m_rateChart;
};

} // namespace coldframe::ui
