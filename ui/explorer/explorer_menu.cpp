#include "ui/explorer/explorer_pane.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QFileInfo>
#include <QMenu>
#include <QMessageBox>
#include <QUrl>

#include <algorithm>
#include <optional>

#include "ui/explorer/explorer_rows.h"
#include "ui/support/format.h"

namespace coldframe::ui {

void openInDesktop(const QString& path)
{
    if (QDesktopServices::openUrl(QUrl::fromLocalFile(path)))
        return;
    QGuiApplication::clipboard()->setText(path);
    QMessageBox::information(QApplication::activeWindow(), ExplorerPane::tr("Open"),
                             ExplorerPane::tr("This desktop has no program that opens %1. The path "
                                              "is on the clipboard.")
                                 .arg(path));
}

namespace {

/// What the lines of a section are in the workspace file; none for files beside it.
std::optional<EntryKind> kindOf(Section section)
{
    switch (section) {
    case Section::Functions:
        return EntryKind::Function;
    case Section::Triggers:
        return EntryKind::Trigger;
    case Section::Stores:
        return EntryKind::Store;
    case Section::TestEvents:
    case Section::Scenarios:
    case Section::Recordings:
        break;
    }
    return std::nullopt;
}

} // namespace

void ExplorerPane::fillMenu(QMenu& menu, const QModelIndex& source)
{
    if (!m_port || !m_snapshot || !m_snapshot->workspace)
        return;
    if (!source.isValid()) { // below the last line
        for (const EntryKind kind : {EntryKind::Function, EntryKind::Trigger, EntryKind::Store})
            addAddAction(menu, kind);
        return;
    }
    const QString key = source.data(ExplorerModel::KeyRole).toString();
    const auto section = static_cast<Section>(source.data(ExplorerModel::SectionRole).toInt());
    if (!key.isEmpty())
        fillLineMenu(menu, section, key);
    if (const auto kind = kindOf(section))
        fillEditMenu(menu, *kind, key);
    if (section == Section::Scenarios)
        menu.addAction(tr("New scenario…"), this, &ExplorerPane::newScenarioWanted);
}

void ExplorerPane::addAddAction(QMenu& menu, EntryKind kind)
{
    const QString what = kind == EntryKind::Function ? tr("Add function…")
        : kind == EntryKind::Store                   ? tr("Add store…")
                                                     : tr("Add trigger…");
    menu.addAction(what, this, [this, kind] { Q_EMIT addWanted(kind); });
}

void ExplorerPane::fillEditMenu(QMenu& menu, EntryKind kind, const QString& name)
{
    menu.addSeparator();
    if (!name.isEmpty()) {
        menu.addAction(tr("Edit…"), this, [this, kind, name] { Q_EMIT editWanted(kind, name); });
        menu.addAction(tr("Remove…"), this,
                       [this, kind, name] { Q_EMIT removeWanted(kind, name); });
    }
    addAddAction(menu, kind);
}

void ExplorerPane::fillLineMenu(QMenu& menu, Section section, const QString& key)
{
    switch (section) {
    case Section::Functions:
        if (const Function* function = m_snapshot->workspace->findFunction(key.toStdString())) {
            menu.addAction(tr("Send event"), this, [this, key] { Q_EMIT sendWanted(key); })
                ->setEnabled(m_snapshot->trusted);
            menu.addAction(tr("Open in editor"), this, [this, key] { Q_EMIT sourceWanted(key); });
            menu.addAction(tr("Open code folder"), this,
                           [path = text(function->code.string())] { openInDesktop(path); });
            fillDebugMenu(menu, *function);
        }
        break;
    case Section::Triggers:
        fillTriggerMenu(menu, key);
        break;
    case Section::Stores:
        fillStoreMenu(menu, key);
        break;
    case Section::TestEvents:
        menu.addAction(tr("Put into the editor"), this, [this, key] { Q_EMIT eventChosen(key); });
        menu.addAction(tr("Open folder"), this, [key] { openInDesktop(QFileInfo(key).path()); });
        break;
    case Section::Scenarios:
        menu.addAction(tr("Open"), this, [this, key] { Q_EMIT scenarioChosen(key); });
        menu.addAction(tr("Open folder"), this, [key] { openInDesktop(QFileInfo(key).path()); });
        break;
    case Section::Recordings:
        menu.addAction(tr("Replay…"), this, [this, key] { Q_EMIT recordingChosen(key); });
        menu.addAction(tr("Open folder"), this, [key] { openInDesktop(key); });
        break;
    }
}

void ExplorerPane::fillDebugMenu(QMenu& menu, const Function& function)
{
    const FunctionId id = m_snapshot->workspace->functionId(function.name);
    const auto problem = session::notDebuggable(function);
    QAction* debug = menu.addAction(tr("Debug next event"));
    debug->setCheckable(true);
    debug->setChecked(id < m_snapshot->functions.size() && m_snapshot->functions[id].debugNext);
    debug->setEnabled(m_snapshot->trusted && !problem);
    connect(debug, &QAction::triggered, this,
            [this, name = function.name](bool on) { m_port->debugNext(name, on); });
}

void ExplorerPane::fillTriggerMenu(QMenu& menu, const QString& name)
{
    const auto& triggers = m_snapshot->workspace->triggers;
    const auto found = std::ranges::find(triggers, name.toStdString(), &Trigger::name);
    const auto at = static_cast<std::size_t>(found - triggers.begin());
    if (found == triggers.end() || at >= m_snapshot->triggers.size())
        return;
    const session::TriggerView& view = m_snapshot->triggers[at];
    const std::string id = found->name;
    const bool mayRun = m_snapshot->trusted;

    // It fires by a file, a message or a row; there is no event to make up for it.
    if (!std::holds_alternative<FileTrigger>(found->kind)
        && !std::holds_alternative<QueueTrigger>(found->kind)
        && !std::holds_alternative<ChangesTrigger>(found->kind))
        menu.addAction(tr("Fire now"), this, [this, id] { m_port->fireNow(id); })
            ->setEnabled(mayRun);
    if (view.paused)
        menu.addAction(tr("Resume"), this, [this, id] { m_port->resumeTrigger(id); });
    if (view.alreadyThere > 0)
        menu.addAction(
                view.alreadyThere == 1
                    ? tr("Process the file already here")
                    : tr("Process the %1 files already here").arg(countText(view.alreadyThere)),
                this, [this, id] { m_port->backfill(id); })
            ->setEnabled(mayRun);
    const bool enabled = view.enabled;
    menu.addAction(enabled ? tr("Disable") : tr("Enable"), this,
                   [this, id, enabled] { m_port->setTriggerEnabled(id, !enabled); });
    if (const auto* file = std::get_if<FileTrigger>(&found->kind)) {
        menu.addSeparator();
        fillStoreMenu(menu, text(file->store));
    } else if (const auto* queue = std::get_if<QueueTrigger>(&found->kind)) {
        menu.addSeparator();
        fillStoreMenu(menu, text(queue->store));
    }
}

void ExplorerPane::fillStoreMenu(QMenu& menu, const QString& name)
{
    const Store* store = m_snapshot->workspace->findStore(name.toStdString());
    const auto* folder = store ? std::get_if<FolderStore>(&store->kind) : nullptr;
    if (store && std::holds_alternative<QueueStore>(store->kind))
        menu.addAction(tr("Open queue"), this, [this, name] { Q_EMIT storeChosen(name); });
    if (!folder)
        return;
    menu.addAction(tr("Browse"), this, [this, name] { Q_EMIT storeChosen(name); });
    menu.addAction(tr("Open folder"), this,
                   [path = text(folder->path.string())] { openInDesktop(path); });
}

} // namespace coldframe::ui
