#include "ui/shell/workspace_entry.h"

#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMessageBox>
#include <QPushButton>

#include <chrono>

#include "session/bring.h"
#include "session/trust.h"
#include "ui/dialogs/bring_dialog.h"
#include "ui/dialogs/new_workspace_dialog.h"
#include "ui/support/format.h"
#include "ui/support/resources.h"

namespace coldframe::ui {

WorkspaceEntry::WorkspaceEntry(QWidget& window, std::function<void(const QString&)> open)
    : m_window(window), m_open(std::move(open))
{ }

void WorkspaceEntry::enter(const QString& path)
{
    const QFileInfo given(path);
    // Of a file, the folder is meant: coldframe.json, or a source.
    const QString folder = given.isFile() ? given.absolutePath() : given.absoluteFilePath();
    if (QFileInfo(folder).isDir() && !QFileInfo::exists(folder + QStringLiteral("/coldframe.json")))
        offer(folder);
    else
        m_open(folder); // which says what is wrong with it
}

void WorkspaceEntry::offer(const QString& folder)
{
    Q_EMIT offering();
    QGuiApplication::setOverrideCursor(Qt::WaitCursor);
    const Result<session::BringPlan> plan = session::planBring(
        folder.toStdString(), resourceFolder().toStdString(), std::chrono::system_clock::now());
    QGuiApplication::restoreOverrideCursor();
    if (!plan) {
        refuse(folder, text(describe(plan.error())));
        return;
    }
    BringDialog dialog(*plan, &m_window);
    if (dialog.exec() != QDialog::Accepted)
        return;
    const auto written = session::bring(*plan);
    if (written)
        m_open(folder);
    else
        QMessageBox::warning(&m_window, tr("Create workspace"),
                             tr("Nothing was written. %1").arg(text(describe(written.error()))));
}

/// What was looked for is part of core's message; what else could be wanted is offered.
void WorkspaceEntry::refuse(const QString& folder, const QString& problem)
{
    QMessageBox box(QMessageBox::Information, tr("No workspace yet"),
                    tr("“%1” cannot be opened: it has no coldframe.json, and none can be proposed.")
                        .arg(QDir(folder).dirName()),
                    QMessageBox::Close, &m_window);
    box.setTextFormat(Qt::PlainText); // names of folders are not ours
    box.setInformativeText(problem);
    QPushButton* make = box.addButton(tr("New workspace…"), QMessageBox::ActionRole);
    box.exec();
    if (box.clickedButton() == make)
        makeNew();
}

void WorkspaceEntry::makeNew()
{
    NewWorkspaceDialog dialog(&m_window);
    if (dialog.exec() != QDialog::Accepted)
        return;
    // Its code came with the program, and is trusted as the program is.
    session::rememberTrust(dialog.target().toStdString());
    m_open(dialog.target());
}

} // namespace coldframe::ui
