#pragma once

#include <QLabel>
#include <QStatusBar>

#include "session/snapshot.h"
#include "ui/theme/theme.h"

namespace coldframe::ui {

class StatusDot;

/// The bottom line. The pool that is played stands left, the machine that plays it right.
class StatusStrip : public QStatusBar {
    Q_OBJECT
public:
    explicit StatusStrip(QWidget* parent = nullptr);
    void show(const session::Snapshot& snapshot);
    void clear();
    void setTheme(const Theme& theme);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fit();

    StatusDot* m_triggers;
    QLabel* m_pool;
    QLabel* m_events;
    QLabel* m_desk;
    StatusDot* m_pace;
    QLabel* m_fidelity;
    QList<QWidget*> m_giveWay; ///< first what is hidden first
};

} // namespace coldframe::ui
