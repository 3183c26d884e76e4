// What can be done with a store and its objects.
#include "ui/stores/store_page.h"

#include <QAction>
#include <QClipboard>
#include <QDesktopServices>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeView>
#include <QUrl>

#include "ui/stores/object_event.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr int kMostProblems = 5; ///< said at once

bool hasFiles(const QMimeData* data)
{
    return data->hasUrls() && data->urls().constFirst().isLocalFile();
}

QStringList firstOf(const QStringList& problems)
{
    QStringList said = problems.mid(0, kMostProblems);
    if (problems.size() > kMostProblems)
        said << StorePage::tr("… and %1 more.").arg(problems.size() - kMostProblems);
    return said;
}

} // namespace

void StorePage::openMenu(const QPoint& at)
{
    QMenu menu(this);
    if (m_list->indexAt(at).isValid()) {
        menu.addActions({m_useAsEvent, m_openFile, m_openFolder});
        menu.addSeparator();
        menu.addActions({m_copyKey, m_copyUri});
        menu.addSeparator();
        menu.addAction(m_remove);
    } else {
        menu.addActions({m_add, m_openFolder});
    }
    menu.exec(m_list->viewport()->mapToGlobal(at));
}

void StorePage::openFile()
{
    const StoreObject* object = current();
    if (!object || !m_openFile->isEnabled())
        return;
    const QString file = fileOf(*object);
    if (!file.isEmpty() && !QDesktopServices::openUrl(QUrl::fromLocalFile(file)))
        say(Tone::Warning, tr("No program is set up to open this file: %1").arg(file));
}

/// That of the object, as far as there is one.
void StorePage::openFolder()
{
    const StoreObject* object = current();
    const QString file = object ? fileOf(*object) : QString();
    const QString folder = file.isEmpty() ? m_folder : QFileInfo(file).absolutePath();
    if (!QDesktopServices::openUrl(QUrl::fromLocalFile(folder)))
        say(Tone::Warning, tr("No program is set up to open folders. This one is %1").arg(folder));
}

void StorePage::copyKey()
{
    if (const StoreObject* object = current())
        QGuiApplication::clipboard()->setText(text(object->key));
}

void StorePage::copyUri()
{
    if (const StoreObject* object = current())
        QGuiApplication::clipboard()->setText(QStringLiteral("s3://%1/").arg(m_name)
                                              + text(object->key));
}

void StorePage::useAsEvent()
{
    const StoreObject* object = current();
    if (!object || object->outside || !m_workspace)
        return;
    const std::string store = m_name.toStdString();
    const ObjectEventTarget target = eventTarget(*m_workspace, store, object->key, m_fallback);
    if (target.function.isEmpty())
        return say(Tone::Warning, tr("The workspace has no function to give it to: add one."));
    m_readers.start([this, target, store, folder = m_folder.toStdString(), wanted = *object] {
        const Result<QString> event = objectEvent(target, store, folder, wanted);
        QMetaObject::invokeMethod(
            this,
            [this, function = target.function, event] {
                if (event)
                    Q_EMIT eventWanted(function, *event);
                else
                    say(Tone::Warning, text(describe(event.error())));
            },
            Qt::QueuedConnection);
    });
}

void StorePage::removeSelected()
{
    const std::vector<std::string> keys = selectedKeys();
    if (keys.empty())
        return;
    const Place asked = place();
    const QString what = keys.size() == 1
        ? tr("Delete “%1” from “%2”?").arg(shownKey(keys.front()), m_name)
        : tr("Delete %1 objects from “%2”?").arg(countText(keys.size()), m_name);
    QMessageBox box(QMessageBox::Question, tr("Delete"), what, QMessageBox::Cancel, this);
    box.setTextFormat(Qt::PlainText);
    box.setInformativeText(tr("From the trash of this desktop it can be brought back; deleted for "
                              "good it is gone."));
    const QPushButton* trash = box.addButton(tr("Move to trash"), QMessageBox::AcceptRole);
    const QPushButton* good = box.addButton(tr("Delete for good"), QMessageBox::DestructiveRole);
    box.setDefaultButton(QMessageBox::Cancel);
    box.exec();
    const bool toTrash = box.clickedButton() == trash;
    if (!toTrash && box.clickedButton() != good)
        return;
    if (place() != asked)
        return sayMoved(asked, tr("Nothing was deleted."));
    m_jobs.remove(asked.folder, keys,
                  toTrash ? StoreJobs::Gone::ToTrash : StoreJobs::Gone::ForGood);
}

/// The workspace file is read again while a dialog is open, and its keys are those of before.
void StorePage::sayMoved(const Place& asked, const QString& nothing)
{
    const QString said = m_name == asked.store && !m_folder.isEmpty()
        ? tr("%1 The folder of “%2” became another while the question was open: it was %3 and is "
             "%4 now. Look at what is in it, and try again.")
              .arg(nothing, asked.store, asked.folder, m_folder)
        : tr("%1 “%2” was closed or taken out of the workspace while the question was open. Its "
             "folder was %3.")
              .arg(nothing, asked.store, asked.folder);
    if (isVisible() && m_name == asked.store)
        return say(Tone::Warning, said);
    QMessageBox box(QMessageBox::Warning, tr("Store"), said, QMessageBox::Ok, window());
    box.setTextFormat(Qt::PlainText);
    box.exec();
}

void StorePage::chooseFiles()
{
    const Place asked = place();
    const QList<QUrl> urls
        = QFileDialog::getOpenFileUrls(this, tr("Add files to “%1”").arg(m_name));
    if (urls.isEmpty())
        return;
    if (place() != asked)
        return sayMoved(asked, tr("Nothing was added."));
    m_jobs.plan(asked.folder, urls);
}

void StorePage::addPlanned(const QString& folder, const AddPlan& plan)
{
    if (folder != m_folder)
        return; // another store was opened meanwhile
    if (plan.files.empty())
        return say(Tone::Warning, tr("There are no files in what was dropped."));
    bool replace = false;
    if (plan.there > 0 || !plan.refused.isEmpty()) {
        const Place asked = place();
        const auto choice = askHowToAdd(plan);
        if (!choice)
            return;
        if (place() != asked)
            return sayMoved(asked, tr("Nothing was added."));
        replace = *choice;
    }
    m_jobs.add(folder, plan.files, replace);
}

/// Whether those that are there are to be replaced; nothing: not to add at all.
std::optional<bool> StorePage::askHowToAdd(const AddPlan& plan)
{
    const std::size_t count = plan.files.size();
    const QString what = plan.there == 0
        ? tr("Not all of these files can be added to “%1”.").arg(m_name)
        : count == 1
        ? tr("“%1” has an object “%2” already.").arg(m_name, shownKey(plan.files.front().key))
        : tr("“%1” has %2 of these %3 objects already.")
              .arg(m_name, countText(std::uint64_t(plan.there)), countText(count));
    QMessageBox box(QMessageBox::Question, tr("Add files"), what, QMessageBox::Cancel, this);
    box.setTextFormat(Qt::PlainText);
    box.setInformativeText(firstOf(plan.refused).join(QLatin1Char('\n')));
    const QPushButton* over
        = plan.there > 0 ? box.addButton(tr("Replace"), QMessageBox::DestructiveRole) : nullptr;
    if (plan.there == 0)
        box.addButton(count == 1 ? tr("Add the other one") : tr("Add the others"),
                      QMessageBox::AcceptRole);
    else if (count > 1)
        box.addButton(tr("Add the others"), QMessageBox::AcceptRole);
    box.setDefaultButton(QMessageBox::Cancel);
    box.exec();
    if (!box.clickedButton() || box.clickedButton() == box.button(QMessageBox::Cancel))
        return std::nullopt;
    return over && box.clickedButton() == over;
}

void StorePage::showProgress(const QString& key, quint64 done, quint64 total)
{
    m_progressText->setText(
        tr("%1 · %2 of %3").arg(shownKey(key.toStdString()), bytesText(done), bytesText(total)));
    m_progress->setValue(total ? int(double(done) / double(total) * 1000.0) : 0);
    m_progressRow->show();
}

void StorePage::showResult(const StoreJobResult& result)
{
    m_progressRow->hide();
    QStringList said = firstOf(result.problems);
    if (result.cancelled)
        said.prepend(tr("Cancelled: %1 were added, the rest was not.")
                         .arg(countText(std::uint64_t(result.done))));
    else if (result.skipped > 0)
        said.prepend(tr("%1 added; %2 were there already and stay as they were.")
                         .arg(countText(std::uint64_t(result.done)),
                              countText(std::uint64_t(result.skipped))));
    if (!said.isEmpty())
        say(result.problems.isEmpty() ? Tone::Accent : Tone::Warning, said.join(QLatin1Char('\n')));
}

void StorePage::dragEnterEvent(QDragEnterEvent* event)
{
    if (m_folder.isEmpty() || !hasFiles(event->mimeData()))
        return;
    event->setDropAction(Qt::CopyAction); // never moved: the file is its owner's
    event->accept();
    m_summary->setText(tr("Drop to copy into “%1”").arg(m_name));
}

void StorePage::dragLeaveEvent(QDragLeaveEvent*)
{
    refresh();
}

void StorePage::dropEvent(QDropEvent* event)
{
    refresh();
    event->setDropAction(Qt::CopyAction);
    event->accept();
    m_jobs.plan(m_folder, event->mimeData()->urls());
}

} // namespace coldframe::ui
