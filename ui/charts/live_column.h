#pragma once

#include <QWidget>

#include <memory>
#include <vector>

#include "session/snapshot.h"
#include "ui/theme/theme.h"

class QLabel;
class QScrollArea;
class QTimer;

namespace coldframe::ui {

class LiveCard;

/// What the pool does right now: concurrency, rate, latency, instance lanes and cost of the last
/// 120 s. It draws nothing while it cannot be seen.
class LiveColumn : public QWidget {
    Q_OBJECT
public:
    explicit LiveColumn(QWidget* parent = nullptr);

    /// "Live · last 120 s · platform time", for whoever gives the column a title bar.
    static QString heading();
    /// The column's own heading, on unless a title bar says the same.
    void setHeadingVisible(bool visible);
    void setTheme(const Theme& theme);

    using QWidget::show;
    /// Cards are scrolled up and down, and never cut at the side.
    QSize minimumSizeHint() const override;

public Q_SLOTS:
    /// Never null. Cards are redrawn one after the other, each in a frame of its own, so that no
    /// frame takes long; a newer picture takes the place of one that was not drawn yet.
    void show(std::shared_ptr<const coldframe::session::Snapshot> snapshot);

Q_SIGNALS:
    /// The work of this invocation was clicked in the lanes.
    void invocationActivated(std::uint32_t serial);

protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void markAllStale();
    void refreshAll();
    void refreshNext();
    void refreshCard(std::size_t index);

    struct Slot {
        LiveCard* card = nullptr;
        bool stale = true;
    };
    std::vector<Slot> m_cards;
    std::size_t m_next = 0;
    QLabel* m_heading;
    QScrollArea* m_scroll;
    QTimer* m_frames;
    std::shared_ptr<const session::Snapshot> m_snapshot;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui
