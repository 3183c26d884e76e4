#include "ui/shell/workspace_edits.h"

#include <QMessageBox>
#include <QPointer>
#include <QPushButton>

#include <algorithm>

#include "model/json_edit.h"
#include "model/json_text.h"
#include "model/workspace_file.h"
#include "ui/dialogs/function_dialog.h"
#include "ui/dialogs/store_dialog.h"
#include "ui/dialogs/trigger_dialog.h"
#include "ui/shell/action_registry.h"
#include "ui/shell/workspace_area.h"
#include "ui/support/format.h"
#include "ui/support/resources.h"

namespace coldframe::ui {

namespace {

/// The texts of the file before and after an edit. The stack moves whatever a command does, and a
/// write can be refused: so the file is written first and the stack moves only then.
class Edit : public QUndoCommand {
public:
    Edit(const QString& what, std::string textBefore, std::string textAfter)
        : QUndoCommand(what), before(std::move(textBefore)), after(std::move(textAfter))
    { }
    const std::string before, after;
};

QString kindText(EntryKind kind)
{
    switch (kind) {
    case EntryKind::Function:
        return WorkspaceEdits::tr("function");
    case EntryKind::Store:
        return WorkspaceEdits::tr("store");
    case EntryKind::Trigger:
        break;
    }
    return WorkspaceEdits::tr("trigger");
}

Result<std::string> withLimit(const std::string& fileText, const LimitChange& change)
{
    std::optional<std::string> json;
    if (change.value)
        json = std::to_string(*change.value);
    if (!change.function.empty())
        return changeEntry(
            fileText,
            {EntryKind::Function, change.function, change.function, {{'/' + change.key, json}}});
    if (json)
        return setJson(fileText, '/' + change.key, *json);
    Result<std::string> without = removeJson(fileText, '/' + change.key);
    if (!without && without.error().code == Error::Code::Missing)
        return fileText;
    return without;
}

/// The one about the value itself, if there is one: others may follow from it.
Error errorAbout(const std::vector<Error>& errors, const std::string& key)
{
    const auto own = std::ranges::find_if(
        errors, [&key](const Error& error) { return error.pointer.ends_with('/' + key); });
    return own == errors.end() ? errors.front() : *own;
}

std::unique_ptr<EntryDialog> dialogOf(EntryKind kind, const QString& name,
                                      const session::WorkspaceEditor& editor,
                                      const std::string& fileText, QWidget* window)
{
    switch (kind) {
    case EntryKind::Function:
        return std::make_unique<FunctionDialog>(name.toStdString(), editor, fileText, window);
    case EntryKind::Store:
        return std::make_unique<StoreDialog>(name.toStdString(), editor, fileText, window);
    case EntryKind::Trigger:
        break;
    }
    return std::make_unique<TriggerDialog>(name.toStdString(), editor, fileText, window);
}

} // namespace

WorkspaceEdits::WorkspaceEdits(ActionRegistry& actions, WorkspaceArea& area, QWidget& window)
    : m_actions(actions), m_area(area), m_window(window)
{
    const auto on = [this](const char* id, auto slot) {
        connect(m_actions.action(QLatin1String(id)), &QAction::triggered, this, slot);
    };
    on("workspace.addFunction", [this] { add(EntryKind::Function); });
    on("workspace.addTrigger", [this] { add(EntryKind::Trigger); });
    on("workspace.addStore", [this] { add(EntryKind::Store); });
    const auto inFront = [this](void (WorkspaceEdits::*command)(EntryKind, const QString&)) {
        (this->*command)(m_area.currentKind(), m_area.currentName());
    };
    on("workspace.edit", [inFront] { inFront(&WorkspaceEdits::edit); });
    on("workspace.remove", [inFront] { inFront(&WorkspaceEdits::remove); });
    m_area.limits()->setWriter([this](const LimitChange& change) { return changeLimit(change); });
    on("workspace.undo", &WorkspaceEdits::undo);
    on("workspace.redo", &WorkspaceEdits::redo);
    connect(&m_stack, &QUndoStack::indexChanged, this, &WorkspaceEdits::refresh);
    connect(&m_area, &WorkspaceArea::currentChanged, this, &WorkspaceEdits::refresh);
    refresh();
}

void WorkspaceEdits::setPort(SessionPort* port)
{
    m_port = port;
    m_awaited.reset();
    m_stack.clear(); // its texts are those of the file that was open
    if (port)
        connect(port, &SessionPort::snapshotChanged, this, &WorkspaceEdits::showNewest);
    refresh();
}

void WorkspaceEdits::refresh()
{
    const bool open = m_port && m_port->snapshot()->workspace;
    for (const char* id : {"workspace.addFunction", "workspace.addTrigger", "workspace.addStore"})
        m_actions.action(QLatin1String(id))->setEnabled(open);
    for (const char* id : {"workspace.edit", "workspace.remove"})
        m_actions.action(QLatin1String(id))->setEnabled(open && !m_area.currentName().isEmpty());
    QAction* undo = m_actions.action(QStringLiteral("workspace.undo"));
    undo->setEnabled(open && m_stack.canUndo());
    undo->setText(m_stack.canUndo() ? tr("&Undo: %1").arg(m_stack.undoText())
                                    : tr("&Undo workspace edit"));
    QAction* redo = m_actions.action(QStringLiteral("workspace.redo"));
    redo->setEnabled(open && m_stack.canRedo());
    redo->setText(m_stack.canRedo() ? tr("&Redo: %1").arg(m_stack.redoText())
                                    : tr("&Redo workspace edit"));
}

std::optional<session::WorkspaceEditor> WorkspaceEdits::editor() const
{
    const SnapshotPtr snapshot = m_port ? m_port->snapshot() : nullptr;
    if (!snapshot || !snapshot->workspace)
        return std::nullopt;
    return session::WorkspaceEditor(fileOf(*snapshot->workspace), resourceFolder().toStdString(),
                                    snapshot->workspace);
}

void WorkspaceEdits::add(EntryKind kind)
{
    run(kind, {});
}

void WorkspaceEdits::edit(EntryKind kind, const QString& name)
{
    run(kind, name);
}

void WorkspaceEdits::run(EntryKind kind, const QString& name)
{
    const auto file = editor();
    const Result<std::string> fileText = file ? file->text() : Result<std::string>();
    if (!file)
        return;
    if (!fileText)
        return say(text(describe(fileText.error())));
    if (const Result<JsonText> json = parseJson(*fileText, file->file().string()); !json)
        return say(text(describe(json.error()))); // no field could say what is wrong
    const QPointer<SessionPort> port = m_port;
    const auto dialog = dialogOf(kind, name, *file, *fileText, &m_window);
    if (dialog->exec() != QDialog::Accepted || dialog->before() == dialog->after())
        return;
    if (!port || port != m_port)
        return; // written, but the undo of another workspace's file must not know of it
    const QString now = text(dialog->newName());
    m_stack.push(new Edit(
        (name.isEmpty() ? tr("add %1 “%2”") : tr("change %1 “%2”")).arg(kindText(kind), now),
        dialog->before(), dialog->after()));
    if (now != name)
        openWhenThere(kind, now);
}

void WorkspaceEdits::remove(EntryKind kind, const QString& name)
{
    const auto file = editor();
    const Result<std::string> before = file ? file->text() : Result<std::string>();
    if (!file)
        return;
    if (!before)
        return say(text(describe(before.error())));
    const Result<std::string> after = removeEntry(*before, kind, name.toStdString());
    if (!after)
        return say(text(describe(after.error())));
    const WorkspaceReading reading = file->check(*after);
    if (!reading.errors.empty())
        return say(tr("Without the %1 “%2” the workspace file would be wrong:\n%3")
                       .arg(kindText(kind), name, text(describe(reading.errors))));
    QString question = tr("Remove the %1 “%2” from the workspace file?").arg(kindText(kind), name);
    QStringList users;
    for (const std::string& user : usersOf(*before, kind, name.toStdString()))
        users << QStringLiteral("• ") + text(user);
    if (!users.isEmpty())
        question += QStringLiteral("\n\n") + tr("With it goes what names it:") + QLatin1Char('\n')
            + users.join(QLatin1Char('\n'));
    question += QStringLiteral("\n\n") + tr("Code and data stay where they are.");
    QMessageBox box(QMessageBox::Question, tr("Remove"), question,
                    QMessageBox::Yes | QMessageBox::Cancel, &m_window);
    box.setDefaultButton(QMessageBox::Cancel);
    box.button(QMessageBox::Yes)->setText(tr("Remove"));
    const QPointer<SessionPort> port = m_port;
    if (box.exec() != QMessageBox::Yes)
        return;
    if (!port || port != m_port)
        return say(tr("Nothing was removed: the workspace was closed while it was asked."));
    if (write(*before, *after))
        m_stack.push(new Edit(tr("remove %1 “%2”").arg(kindText(kind), name), *before, *after));
}

Result<void> WorkspaceEdits::changeLimit(const LimitChange& change)
{
    const auto file = editor();
    if (!file)
        return {};
    const Result<std::string> before = file->text();
    if (!before)
        return tl::unexpected(before.error());
    const Result<std::string> after = withLimit(*before, change);
    if (!after)
        return tl::unexpected(after.error());
    if (*after == *before)
        return {};
    const WorkspaceReading reading = file->check(*after);
    if (!reading.errors.empty())
        return tl::unexpected(errorAbout(reading.errors, change.key));
    if (const Result<void> written = file->write(*before, *after); !written)
        return written;
    m_stack.push(new Edit(change.function.empty()
                              ? tr("change account concurrency")
                              : tr("change limit of “%1”").arg(text(change.function)),
                          *before, *after));
    return {};
}

void WorkspaceEdits::undo()
{
    if (!m_stack.canUndo())
        return;
    const auto* edit = static_cast<const Edit*>(m_stack.command(m_stack.index() - 1));
    if (write(edit->after, edit->before))
        m_stack.undo();
}

void WorkspaceEdits::redo()
{
    if (!m_stack.canRedo())
        return;
    const auto* edit = static_cast<const Edit*>(m_stack.command(m_stack.index()));
    if (write(edit->before, edit->after))
        m_stack.redo();
}

bool WorkspaceEdits::write(const std::string& before, const std::string& after)
{
    const auto file = editor();
    const Result<void> written = file ? file->write(before, after) : Result<void>();
    if (!written)
        say(text(describe(written.error())));
    return file && written;
}

void WorkspaceEdits::say(const QString& problem)
{
    QMessageBox::warning(&m_window, tr("Workspace file"), problem);
}

void WorkspaceEdits::openWhenThere(EntryKind kind, const QString& name)
{
    m_awaited = {kind, name};
    if (m_port)
        showNewest(m_port->snapshot());
}

void WorkspaceEdits::showNewest(const SnapshotPtr& snapshot)
{
    refresh();
    if (!m_awaited || !snapshot->workspace)
        return;
    const auto& [kind, name] = *m_awaited;
    const std::string key = name.toStdString();
    if (kind == EntryKind::Function && snapshot->workspace->findFunction(key))
        m_area.openFunction(name);
    else if (kind == EntryKind::Trigger && snapshot->workspace->findTrigger(key))
        m_area.openTrigger(name);
    else if (kind == EntryKind::Store && snapshot->workspace->findStore(key))
        m_area.openStore(name);
    else
        return;
    m_awaited.reset();
}

} // namespace coldframe::ui
