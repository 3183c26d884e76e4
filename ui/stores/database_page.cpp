#include "ui/stores/database_page.h"

#include <QHBoxLayout>
#include <QPushButton>

#include <algorithm>

#include "model/environment.h"
#include "ui/support/format.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

DatabasePage::DatabasePage(QWidget* parent)
    : Card(parent), m_title(new QLabel(this)), m_kind(dimLabel(QString(), this)),
      m_place(new ElidedLabel(QString(), this, Qt::ElideMiddle)),
      m_bar(new MessageBar(Tone::Bad, QStringLiteral("error"), this)),
      m_found(new WrappedLabel(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 12);
    column->setSpacing(10);
    auto* head = new QHBoxLayout;
    m_title->setFont(uiFont(12.0, QFont::DemiBold));
    m_title->setTextFormat(Qt::PlainText);
    head->addWidget(m_title);
    head->addSpacing(6);
    head->addWidget(m_kind, 1);
    auto* edit = new QPushButton(tr("Edit…"), this);
    edit->setToolTip(tr("Where the database is (Alt+Enter)"));
    connect(edit, &QPushButton::clicked, this, &DatabasePage::editWanted);
    head->addWidget(edit);
    column->addLayout(head);
    m_place->setFont(codeFont());
    m_place->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_place->setObjectName(QStringLiteral("place"));
    column->addWidget(m_place);
    m_bar->hide();
    column->addWidget(m_bar);
    m_readers = addPart(column, tr("Changes of its tables are read by"), "readers");
    m_writers = addPart(column, tr("Rows are written by"), "writers");
    m_found->setProperty("dim", true);
    m_found->setTextFormat(Qt::PlainText);
    m_found->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_found);
    column->addStretch(1);
}

QVBoxLayout* DatabasePage::addPart(QVBoxLayout* column, const QString& title, const char* name)
{
    auto* box = new Card(this, QStringLiteral("stat"));
    auto* part = new QVBoxLayout(box);
    part->setSpacing(6);
    auto* heading = new QLabel(title, box);
    heading->setFont(uiFont(9.5, QFont::DemiBold));
    part->addWidget(heading);
    auto* list = new QWidget(box);
    list->setObjectName(QLatin1String(name));
    auto* inList = new QVBoxLayout(list);
    inList->setContentsMargins(0, 0, 0, 0);
    inList->setSpacing(4);
    part->addWidget(list);
    column->addWidget(box);
    return inList;
}

void DatabasePage::setPort(SessionPort* port)
{
    m_port = port;
    setStore({});
    if (port)
        connect(port, &SessionPort::snapshotChanged, this, &DatabasePage::follow);
}

void DatabasePage::setTheme(const Theme& theme)
{
    m_bar->setTheme(theme);
}

void DatabasePage::setStore(const QString& name)
{
    m_name = name;
    m_title->setText(name);
    if (m_port)
        follow(m_port->snapshot());
}

void DatabasePage::showEvent(QShowEvent* event)
{
    Card::showEvent(event);
    if (m_port)
        follow(m_port->snapshot());
}

void DatabasePage::fillPart(QVBoxLayout* part, const QList<Use>& uses, const QString& ifNone)
{
    while (QLayoutItem* item = part->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (const Use& use : uses) {
        auto* line = new QWidget(part->parentWidget());
        auto* row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(10);
        row->addWidget(new ElidedLabel(use.words, line), 1);
        auto* open = new QPushButton(tr("Open %1").arg(use.opens), line);
        connect(open, &QPushButton::clicked, this, [this, use] {
            if (use.trigger)
                Q_EMIT triggerWanted(use.opens);
            else
                Q_EMIT functionWanted(use.opens);
        });
        row->addWidget(open);
        part->addWidget(line);
    }
    if (!uses.isEmpty())
        return;
    auto* none = new WrappedLabel(part->parentWidget());
    none->setProperty("dim", true);
    none->setTextFormat(Qt::PlainText);
    none->setText(ifNone);
    part->addWidget(none);
}

void DatabasePage::follow(const SnapshotPtr& snapshot)
{
    const Workspace* workspace = snapshot->workspace.get();
    const Store* store = workspace ? workspace->findStore(m_name.toStdString()) : nullptr;
    if (!store || !isVisible())
        return;
    const auto* server = std::get_if<PostgresStore>(&store->kind);
    m_kind->setText(server ? tr("PostgreSQL database") : tr("SQLite database"));
    // A connection as the file has it: secrets are names of variables there.
    m_place->setText(text(server ? server->connection : pathOf(*store).string()));
    m_found->setText(
        tr("Functions find it in the variable %1.").arg(text(storeVariable(store->name))));
    const auto at = static_cast<std::size_t>(store - workspace->stores.data());
    const QString problem
        = at < snapshot->stores.size() ? text(snapshot->stores[at].message) : QString();
    m_bar->setText(problem);
    m_bar->setVisible(!problem.isEmpty());

    QList<Use> readers, writers;
    for (const Trigger& trigger : workspace->triggers)
        if (const auto* changes = std::get_if<ChangesTrigger>(&trigger.kind);
            changes && changes->store == store->name)
            readers << Use{
                tr("%1: rows of %2 → %3")
                    .arg(text(trigger.name), text(changes->table), text(trigger.function)),
                text(trigger.name), true};
    for (const Function& function : workspace->functions)
        for (const auto& [way, word] :
             {std::pair{&function.onSuccess, tr("results")}, {&function.onFailure, tr("failures")}})
            if (const auto* table = *way ? std::get_if<TableDestination>(&**way) : nullptr;
                table && table->store == store->name)
                writers << Use{tr("%1: %2 → %3").arg(text(function.name), word, text(table->table)),
                               text(function.name)};
    if (std::exchange(m_shownFor, m_name) == m_name && readers == m_shownReaders
        && writers == m_shownWriters)
        return;
    m_shownReaders = readers;
    m_shownWriters = writers;
    fillPart(m_readers, readers,
             tr("No trigger. Add one of the kind “changes” (Edit, Add trigger…) to run a function "
                "for rows that are inserted, changed or removed."));
    fillPart(m_writers, writers,
             tr("No function. \"onSuccess\": {\"store\": \"%1\", \"table\": …} of one in "
                "coldframe.json writes its results as rows.")
                 .arg(m_name));
}

} // namespace coldframe::ui
