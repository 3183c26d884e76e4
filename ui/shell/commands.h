#pragma once

#include <QHash>
#include <QList>
#include <QObject>

#include "ui/session_bridge/session_port.h"

namespace coldframe::ui {

class ActionRegistry;
class WorkspaceArea;

/// The *Run* commands: what sends events and starts triggers, and when each can be used.
class Commands : public QObject {
    Q_OBJECT
public:
    Commands(ActionRegistry& actions, WorkspaceArea& area, QWidget& window);

    void setPort(SessionPort* port);
    void send();
    void sendMany();
    void sendAtRate();
    void stopSending();
    /// Ends what was sent to the function in front by hand and still runs.
    void cancel();
    void toggleTriggers();
    void toggleFidelity();

Q_SIGNALS:
    /// An event was sent by hand: its answer will be shown.
    void sent();

private:
    void refresh();
    void followNewest();
    void showRunningLog(const session::RunningLog& log);
    session::SendRequest request() const;
    SessionPort::AnswerHandler showAnswersOf(const QString& function);

    ActionRegistry& m_actions;
    WorkspaceArea& m_area;
    QWidget& m_window;
    SessionPort* m_port = nullptr;
    session::SendPlan m_lastPlan;
    QHash<QString, QList<std::uint32_t>> m_running; ///< invocations sent by hand, by function
};

} // namespace coldframe::ui
