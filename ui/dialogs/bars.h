#pragma once

#include <QPointer>
#include <QWidget>

#include "ui/session_bridge/session_port.h"
#include "ui/theme/theme.h"

class QPushButton;

namespace coldframe::ui {

class MessageBar;
class NoticesDialog;

/// What needs the user's attention, above the panes: a folder not trusted yet, mistakes in the
/// workspace file, and the newest notice of the run, from which a button leads to all of them.
class AttentionBars : public QWidget {
    Q_OBJECT
public:
    explicit AttentionBars(QWidget* parent = nullptr);

    void setPort(SessionPort* port);
    void setTheme(const Theme& theme);
    void showNotices(); ///< all of the run, in a window of their own

Q_SIGNALS:
    /// The workspace file is wanted in the editor, at its first mistake.
    void fileWanted(const QString& file, int line, int column);

private:
    void show(const SnapshotPtr& snapshot);
    void showTrust(const session::Snapshot& snapshot);
    void showProblems(const session::Snapshot& snapshot);
    void showNotice(const session::Snapshot& snapshot);
    void trust();
    void openFirst(const session::Snapshot& snapshot);

    SessionPort* m_port = nullptr;
    MessageBar* m_trust;
    MessageBar* m_problems;
    MessageBar* m_notice;
    QPushButton* m_openFile = nullptr;
    QPushButton* m_allNotices = nullptr;
    QPointer<NoticesDialog> m_notices;
    const Theme* m_theme = &Theme::lightTheme();
    TimePoint m_newestNotice{}; ///< the one shown
    TimePoint m_dismissedUpTo{};
    QString m_dismissedProblems;
};

} // namespace coldframe::ui
