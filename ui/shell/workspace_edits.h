#pragma once

#include <QObject>
#include <QUndoStack>

#include <memory>
#include <optional>

#include "model/workspace_edit.h"
#include "session/workspace_editor.h"
#include "ui/limits/limits_bar.h"
#include "ui/session_bridge/session_port.h"

namespace coldframe::ui {

class ActionRegistry;
class EntryDialog;
class WorkspaceArea;

/// Changes of the workspace file made in the window, and their undo. The running session takes up
/// what is written by itself, as it does when somebody saves the file in an editor.
class WorkspaceEdits : public QObject {
    Q_OBJECT
public:
    WorkspaceEdits(ActionRegistry& actions, WorkspaceArea& area, QWidget& window);

    void setPort(SessionPort* port);
    void add(EntryKind kind);
    void edit(EntryKind kind, const QString& name);
    /// Asks first, and says what goes with it.
    void remove(EntryKind kind, const QString& name);
    /// One value of the file, from the limits above the panes. Says nothing itself: the error,
    /// what the file's reader has against it, belongs at the field.
    Result<void> changeLimit(const LimitChange& change);
    void undo();
    void redo();

private:
    std::optional<session::WorkspaceEditor> editor() const;
    void run(EntryKind kind, const QString& name);
    bool write(const std::string& before, const std::string& after);
    void say(const QString& problem);
    void refresh();
    void openWhenThere(EntryKind kind, const QString& name);
    void showNewest(const SnapshotPtr& snapshot);

    ActionRegistry& m_actions;
    WorkspaceArea& m_area;
    QWidget& m_window;
    SessionPort* m_port = nullptr;
    QUndoStack m_stack;
    std::optional<std::pair<EntryKind, QString>> m_awaited; ///< opened once the session has it
};

} // namespace coldframe::ui
