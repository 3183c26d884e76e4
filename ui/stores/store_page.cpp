#include "ui/stores/store_page.h"

#include <QAction>
#include <QItemSelectionModel>
#include <QLineEdit>
#include <QStackedLayout>
#include <QTreeView>

#include "ui/result/files_view.h"
#include "ui/support/format.h"
#include "ui/support/object_preview.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/preview_view.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

namespace {

constexpr int kFilterMs = 150; ///< typing that goes on waits for its end
constexpr int kPreviewMs = 60; ///< so do arrow keys that are held down
constexpr int kClockMs = 1000;

} // namespace

StorePage::StorePage(QWidget* parent) : Card(parent)
{
    setAcceptDrops(true);
    m_readers.setMaxThreadCount(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 12);
    column->setSpacing(8);
    addActions();
    buildHead(column);
    m_bar = new MessageBar(Tone::Warning, QStringLiteral("warning"), this);
    m_bar->setDismissable();
    m_bar->hide();
    connect(m_bar, &MessageBar::dismissed, m_bar, &QWidget::hide);
    column->addWidget(m_bar);
    buildButtons(column);
    buildList(column);
    buildProgress(column);

    for (auto [timer, ms] : {std::pair{&m_filterLater, kFilterMs}, {&m_previewLater, kPreviewMs}}) {
        timer->setSingleShot(true);
        timer->setInterval(ms);
    }
    connect(&m_filterLater, &QTimer::timeout, this,
            [this] { m_model.setFilter(m_filter->text()); });
    connect(&m_previewLater, &QTimer::timeout, this, &StorePage::showCurrent);
    m_clock.setInterval(kClockMs);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        if (isVisible())
            m_model.setNow(QDateTime::currentDateTime());
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) {
                if (now.isValid())
                    m_current = m_model.object(now.row()).key;
                m_previewLater.start();
            });
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &StorePage::refreshActions);
    connect(m_list, &QTreeView::doubleClicked, this, &StorePage::openFile);
    connect(m_list, &QWidget::customContextMenuRequested, this, &StorePage::openMenu);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &StorePage::keepCurrent);
    connect(&m_watch, &StoreWatch::listed, this,
            [this](const std::shared_ptr<StoreListing>& listing) {
                m_listed = true;
                m_model.setListing(std::move(*listing));
                refresh();
            });
    connect(&m_watch, &StoreWatch::changed, this, [this](const std::vector<StoreChange>& changes) {
        m_model.apply(changes, QDateTime::currentDateTime());
        refresh();
        m_previewLater.start(); // what is shown may be what changed
    });
    connect(&m_watch, &StoreWatch::problem, this, [this](const QString& said) {
        if (said == m_problem)
            return;
        m_problem = said;
        if (said.isEmpty())
            m_bar->hide();
        else
            say(Tone::Warning, said);
        refresh();
    });
    connect(&m_jobs, &StoreJobs::planned, this, &StorePage::addPlanned);
    connect(&m_jobs, &StoreJobs::progressed, this, &StorePage::showProgress);
    connect(&m_jobs, &StoreJobs::finished, this, &StorePage::showResult);
    refresh();
}

StorePage::~StorePage()
{
    m_readers.clear();
    m_readers.waitForDone();
}

void StorePage::setPort(SessionPort* port)
{
    m_port = port;
    m_jobs.cancel();
    m_workspace.reset();
    setStore({});
    if (port) {
        connect(port, &SessionPort::snapshotChanged, this, &StorePage::follow);
        follow(port->snapshot());
    }
}

void StorePage::setTheme(const Theme& theme)
{
    m_theme = &theme;
    m_model.setTheme(theme);
    m_preview->setTheme(theme);
    m_bar->setTheme(theme);
}

void StorePage::setStore(const QString& name)
{
    if (name == m_name)
        return;
    m_name = name;
    m_folder.clear();
    m_current.clear();
    m_previewed = {};
    m_problem.clear();
    m_bar->hide();
    m_filter->clear();
    m_filterLater.stop();
    m_model.setFilter({});
    m_model.setListing({});
    if (m_port)
        follow(m_port->snapshot());
    if (m_folder.isEmpty())
        m_watch.open({});
    m_title->setText(name);
}

/// The workspace file may say another folder than before.
void StorePage::follow(const SnapshotPtr& snapshot)
{
    m_workspace = snapshot->workspace;
    if (std::exchange(m_trusted, snapshot->trusted) != m_trusted)
        refreshActions();
    const Store* store = m_workspace ? m_workspace->findStore(m_name.toStdString()) : nullptr;
    const auto* folder = store ? std::get_if<FolderStore>(&store->kind) : nullptr;
    const QString path = folder ? text(folder->path.string()) : QString();
    if (path == m_folder)
        return;
    m_folder = path;
    m_listed = false;
    m_model.setListing({});
    m_watch.open(path);
    m_path->setText(path);
    m_path->setToolTip(path);
    m_clock.start();
    refresh();
}

void StorePage::say(Tone tone, const QString& said)
{
    m_bar->setTone(tone, tone == Tone::Accent ? QStringLiteral("info") : QStringLiteral("warning"));
    m_bar->setText(said);
    m_bar->show();
}

QString StorePage::emptyText() const
{
    if (m_folder.isEmpty())
        return tr("“%1” is no folder: its tables lie in a database.").arg(m_name);
    if (!m_listed)
        return tr("Listing…");
    if (m_model.total() > 0)
        return tr("No key has “%1” in it.").arg(m_filter->text());
    QString said = tr("“%1” is empty.\n\nDrop files here, press “Add files…”, or copy them into\n"
                      "%2\n\nFunctions write here with put_object(Bucket=\"%1\", Key=…): what "
                      "they write appears as it comes.")
                       .arg(m_name, m_folder);
    for (const Trigger& trigger : m_workspace ? m_workspace->triggers : std::vector<Trigger>())
        if (const auto* file = std::get_if<FileTrigger>(&trigger.kind);
            file && text(file->store) == m_name)
            said += QStringLiteral("\n\n")
                + tr("The trigger “%1” runs “%2” once for each new file%3.")
                      .arg(text(trigger.name), text(trigger.function),
                           file->suffix.empty() ? QString()
                                                : tr(" that ends in %1").arg(text(file->suffix)));
    return said;
}

void StorePage::refresh()
{
    const std::size_t total = m_model.total();
    const auto shown = static_cast<std::size_t>(m_model.rowCount());
    if (!m_listed)
        m_summary->clear();
    else if (shown != total)
        m_summary->setText(tr("%1 of %2 objects").arg(countText(shown), countText(total)));
    else
        m_summary->setText((total == 1 ? tr("%1 object · %2") : tr("%1 objects · %2"))
                               .arg(countText(total), bytesText(m_model.bytes())));
    m_empty->setText(shown == 0 ? emptyText() : QString());
    m_pages->setCurrentIndex(shown == 0 ? 1 : 0);
    refreshActions();
}

void StorePage::refreshActions()
{
    const StoreObject* object = current();
    const bool followed = object && !object->outside;
    m_copyKey->setEnabled(object);
    m_copyUri->setEnabled(object);
    m_remove->setEnabled(object);
    m_useAsEvent->setEnabled(followed);
    m_useAsEvent->setToolTip(
        tr("Puts the event that a trigger would make of this object into the event editor"));
    // What lies in a workspace that could come from anyone may be a program to the desktop.
    m_openFile->setEnabled(followed && m_trusted);
    m_openFile->setToolTip(m_trusted ? tr("Opens the file with the program of this desktop")
                                     : tr("Trust the workspace first: a file can be a program"));
    m_add->setEnabled(!m_folder.isEmpty());
    m_add->setToolTip(tr("Copies files into the store; they can be dropped here as well"));
    m_openFolder->setEnabled(!m_folder.isEmpty());
}

/// Rows were made anew: the object that is shown stays the current one.
void StorePage::keepCurrent()
{
    const auto row = m_current.empty() ? std::nullopt : m_model.find(m_current);
    if (row) {
        const std::string kept = m_current;
        m_list->setCurrentIndex(m_model.index(*row, 0));
        m_current = kept;
    }
    m_previewLater.start();
    refresh();
}

const StoreObject* StorePage::current() const
{
    const QModelIndex index = m_list->currentIndex();
    return index.isValid() ? &m_model.object(index.row()) : nullptr;
}

std::vector<std::string> StorePage::selectedKeys() const
{
    std::vector<std::string> keys;
    for (const QModelIndex& index : m_list->selectionModel()->selectedRows())
        keys.push_back(m_model.object(index.row()).key);
    return keys;
}

QString StorePage::fileOf(const StoreObject& object) const
{
    return fileInStore(m_folder, text(object.key));
}

void StorePage::showCurrent()
{
    refreshActions();
    const StoreObject* object = current();
    if (!object) {
        ++m_previewNumber;
        m_previewed = {};
        m_previewTitle->clear();
        return m_preview->showNothing(m_model.rowCount() > 0 ? tr("Choose an object to see it.")
                                                             : QString());
    }
    if (*object != m_previewed)
        readPreview(*object);
}

void StorePage::readPreview(const StoreObject& object)
{
    m_previewed = object;
    const QString shown = shownKey(object.key);
    const QString name = shown.section(QLatin1Char('/'), -1);
    m_previewTitle->setText(fontMetrics().elidedText(name, Qt::ElideMiddle, 600));
    m_previewTitle->setToolTip(shown);
    const QString file = object.outside ? QString() : fileOf(object);
    const quint64 number = ++m_previewNumber;
    if (file.isEmpty())
        return m_preview->showNothing(tr("A symbolic link out of the store: it is not followed, "
                                         "and functions cannot read it through the bucket."));
    m_readers.clear(); // previews nobody waits for any more
    m_readers.start([this, file, number] {
        QMetaObject::invokeMethod(
            this,
            [this, number, preview = previewOf(file)] {
                if (number == m_previewNumber)
                    m_preview->showPreview(preview);
            },
            Qt::QueuedConnection);
    });
}

} // namespace coldframe::ui
