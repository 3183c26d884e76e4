#pragma once

#include <QObject>

#include <optional>
#include <set>
#include <utility>

#include <vector>

#include "ui/session_bridge/session_port.h"

class QAction;

namespace coldframe::ui {

class AcceptedWatch;
class ActionRegistry;
class AttemptsPane;
class WorkspaceArea;

/// What can be done with attempts that ended: send their events again, edit one, copy one as a
/// command, compare outputs.
class AttemptCommands : public QObject {
    Q_OBJECT
public:
    /// In the order of the table's menu.
    static constexpr const char* kIds[]
        = {"attempt.sendAgain", "attempt.rerunFailed", "attempt.edit", "attempt.copyCommand",
           "attempt.compare"};

    AttemptCommands(ActionRegistry& actions, WorkspaceArea& area, QWidget& window);
    /// Both null when nothing is open.
    void setPort(SessionPort* port, AttemptsPane* pane);
    /// Something else is in front now than what is selected in the table.
    void forgetSelection();

private:
    void refresh();
    QAction* action(const char* id) const;
    void sendAgain();
    void rerunFailed();
    void edit();
    void copyCommand();
    void compare();
    std::optional<history::AttemptRow> before(const history::AttemptRow& attempt) const;
    void sendEvents(std::vector<history::AttemptRow> attempts);
    const Function* functionOf(const history::AttemptRow& attempt) const;

    /// What has been sent again in this window, by request and attempt.
    std::set<std::pair<history::RequestId, std::uint32_t>> m_sentAgain;
    ActionRegistry& m_actions;
    WorkspaceArea& m_area;
    QWidget& m_window;
    SessionPort* m_port = nullptr;
    AttemptsPane* m_pane = nullptr;
    AcceptedWatch* m_accepted;
};

} // namespace coldframe::ui
