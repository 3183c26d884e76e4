#pragma once

#include <QObject>

#include "ui/session_bridge/session_port.h"

class QDockWidget;

namespace coldframe::ui {

class AttemptsPane;
class LiveColumn;
class WorkspaceArea;
struct Theme;

/// Fills the docks of charts and attempts, and opens the attempt that is chosen in either. Their
/// content is made with the first workspace: charts cost time that the first paint does not have.
class LiveDocks : public QObject {
    Q_OBJECT
public:
    LiveDocks(QDockWidget& live, QDockWidget& attempts, WorkspaceArea& area);

    static QString liveHeading();
    void setPort(SessionPort* port);
    AttemptsPane* attempts() const { return m_attempts; } ///< null before the first workspace
    void setTheme(const Theme& theme);

private:
    void build();
    void open(const history::AttemptRow& row);

    QDockWidget& m_liveDock;
    QDockWidget& m_attemptsDock;
    WorkspaceArea& m_area;
    LiveColumn* m_live = nullptr;
    AttemptsPane* m_attempts = nullptr;
    SessionPort* m_port = nullptr;
    const Theme* m_theme;
};

} // namespace coldframe::ui
