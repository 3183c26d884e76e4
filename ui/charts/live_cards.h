#pragma once

#include "session/snapshot.h"
#include "ui/charts/chart_card.h"

namespace coldframe::ui {

class LanesView;
class TimeChart;

/// A card that shows a part of each snapshot.
class LiveCard : public ChartCard {
    Q_OBJECT
public:
    using ChartCard::ChartCard;
    virtual void refresh(const std::shared_ptr<const session::Snapshot>& picture) = 0;
    /// Null for a card without a chart.
    TimeChart* chart() const { return m_chart; }

protected:
    TimeChart* m_chart = nullptr;
};

/// Instances by what they do, and the limit when it is near.
class ConcurrencyCard : public LiveCard {
    Q_OBJECT
public:
    explicit ConcurrencyCard(QWidget* parent = nullptr);
    void refresh(const std::shared_ptr<const session::Snapshot>& picture) override;
    void setTheme(const Theme& theme) override;
};

/// Events that arrived, attempts that ended, events that were throttled, per second.
class RateCard : public LiveCard {
    Q_OBJECT
public:
    explicit RateCard(QWidget* parent = nullptr);
    void refresh(const std::shared_ptr<const session::Snapshot>& picture) override;
    void setTheme(const Theme& theme) override;
};

/// Percentiles of platform time.
class LatencyCard : public LiveCard {
    Q_OBJECT
public:
    explicit LatencyCard(QWidget* parent = nullptr);
    void refresh(const std::shared_ptr<const session::Snapshot>& picture) override;
    void setTheme(const Theme& theme) override;
};

/// What the run would have cost so far.
class CostCard : public LiveCard {
    Q_OBJECT
public:
    explicit CostCard(QWidget* parent = nullptr);
    void refresh(const std::shared_ptr<const session::Snapshot>& picture) override;
    void setTheme(const Theme& theme) override;
};

/// One lane per instance.
class InstancesCard : public LiveCard {
    Q_OBJECT
public:
    explicit InstancesCard(QWidget* parent = nullptr);
    void refresh(const std::shared_ptr<const session::Snapshot>& picture) override;
    void setTheme(const Theme& theme) override;
    LanesView* lanes() const { return m_lanes; }

private:
    LanesView* m_lanes;
};

} // namespace coldframe::ui
