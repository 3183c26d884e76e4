#include "ui/dialogs/store_dialog.h"

#include <QComboBox>
#include <QLineEdit>

#include "ui/support/format.h"

namespace coldframe::ui {

StoreDialog::StoreDialog(std::string name, session::WorkspaceEditor editor, std::string fileText,
                         QWidget* parent)
    : EntryDialog(EntryKind::Store, std::move(name), std::move(editor), std::move(fileText), parent)
{
    m_kind = addChoice(tr("&Kind"), "kind");
    m_kind->addItem(tr("folder: files as objects"), quoted(QStringLiteral("folder")));
    m_kind->addItem(tr("sqlite: tables in a file"), quoted(QStringLiteral("sqlite")));
    m_kind->addItem(tr("postgres: tables on a server"), quoted(QStringLiteral("postgres")));
    m_kind->addItem(tr("queue: messages"), quoted(QStringLiteral("queue")));
    if (!adds()) {
        chooseOf(*m_kind, textOf("kind"));
        m_kind->setEnabled(false); // each kind has keys of its own; another kind is another store
    }
    m_path = addFolder(tr("&Folder"), "path", [this] { return is("sqlite"); });
    addText(tr("&Connection"), "connection", IfEmpty::Keep)
        ->setPlaceholderText(
            QStringLiteral("postgresql://user:${env:PASSWORD}@localhost/database"));
    addQueue();
    connect(m_kind, &QComboBox::currentIndexChanged, this, &StoreDialog::kindChanged);
    connect(m_fifo, &QComboBox::currentIndexChanged, this, &StoreDialog::kindChanged);
    kindChanged();
    start();
}

bool StoreDialog::is(const char* kind) const
{
    return m_kind->currentData().toString() == quoted(QLatin1String(kind));
}

void StoreDialog::addQueue()
{
    m_fifo = addDefaulted(tr("&Order"), "fifo",
                          {{"false", tr("standard: no order, no deduplication")},
                           {"true", tr("FIFO: in order within a message group")}});
    addDefaulted(tr("Dedu&plication"), "contentBasedDeduplication",
                 {{"false", tr("by the id that the sender gives")},
                  {"true", tr("by the body, where the sender gives no id")}});
    addNumber(tr("&Visibility timeout"), "visibilityTimeoutS", QStringLiteral("30"), tr("s"));
    addNumber(tr("&Delay"), "delayS", QStringLiteral("0"), tr("s"));
    addNumber(tr("&Retention"), "retentionS", tr("345600: 4 days"), tr("s"));
    addNumber(tr("&Max receives"), "maxReceives", tr("never given up"), QString());
    QComboBox* dead = addChoice(tr("Dead &letters to"), "deadLetters");
    dead->addItem(tr("nowhere"), QString());
    for (const QString& queue : storesOf("queue"))
        if (queue.toStdString() != newName())
            dead->addItem(queue, quoted(queue));
    if (const std::string chosen = textOf("deadLetters"); !chosen.empty())
        chooseOf(*dead, chosen);
}

void StoreDialog::kindChanged()
{
    const bool queue = is("queue");
    setUsed("path", is("folder") || is("sqlite"));
    setUsed("connection", is("postgres"));
    setLabel("path", is("sqlite") ? tr("&File") : tr("&Folder"));
    m_path->setPlaceholderText(is("sqlite") ? QStringLiteral("data/orders.db")
                                            : QStringLiteral("data/uploads"));
    for (const char* key :
         {"fifo", "visibilityTimeoutS", "delayS", "retentionS", "maxReceives", "deadLetters"})
        setUsed(key, queue);
    const bool fifo = m_fifo->currentData().toString() == QLatin1String("true");
    setUsed("contentBasedDeduplication",
            queue && (fifo || valueOf("contentBasedDeduplication").has_value()));
    touched(m_kind); // once more: what is used has changed since
}

} // namespace coldframe::ui
