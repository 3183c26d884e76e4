#include "ui/explorer/explorer_pane.h"

#include <QLineEdit>
#include <QMenu>
#include <QScopedValueRollback>
#include <QTreeView>
#include <QVBoxLayout>

#include "ui/explorer/explorer_delegate.h"
#include "ui/explorer/explorer_rows.h"
#include "ui/support/format.h"
#include "ui/widgets/card.h"

namespace coldframe::ui {

ExplorerPane::ExplorerPane(QWidget* parent)
    : QWidget(parent), m_filter(new QLineEdit(this)), m_tree(new QTreeView(this)),
      m_delegate(new ExplorerDelegate(this))
{
    m_filter->setPlaceholderText(tr("Filter…"));
    m_filter->setAccessibleName(tr("Filter of the explorer"));
    m_filter->setClearButtonEnabled(true);
    m_filtered.setSourceModel(&m_model);
    m_filtered.setRecursiveFilteringEnabled(true);
    m_filtered.setFilterCaseSensitivity(Qt::CaseInsensitive);

    m_tree->setModel(&m_filtered);
    m_tree->setItemDelegate(m_delegate);
    m_tree->setHeaderHidden(true);
    m_tree->setIndentation(20);
    m_tree->setUniformRowHeights(true);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->setAccessibleName(tr("Explorer"));
    m_tree->expandAll();

    auto* card = new Card(this, QStringLiteral("panel"));
    auto* inCard = new QVBoxLayout(card);
    inCard->setContentsMargins(4, 4, 4, 4);
    inCard->addWidget(m_tree);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 0, 2, 4);
    column->setSpacing(7);
    column->addWidget(m_filter);
    column->addWidget(card, 1);
    setMinimumWidth(fontMetrics().averageCharWidth() * 25); // names beside their badges

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        const QScopedValueRollback moving(m_rowsMove, true);
        m_filtered.setFilterFixedString(text);
        m_tree->expandAll();
    });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ExplorerPane::choose);
    connect(m_tree, &QTreeView::activated, this, &ExplorerPane::choose);
    connect(m_tree, &QTreeView::activated, this, &ExplorerPane::chooseRecording);
    connect(m_tree, &QTreeView::clicked, this, &ExplorerPane::chooseRecording);
    connect(m_tree, &QTreeView::customContextMenuRequested, this, [this](const QPoint& at) {
        const QModelIndex index = m_filtered.mapToSource(m_tree->indexAt(at));
        QMenu menu(this);
        fillMenu(menu, index);
        if (!menu.isEmpty())
            menu.exec(m_tree->viewport()->mapToGlobal(at));
    });
    connect(&m_folder, &WorkspaceFolder::changed, this, &ExplorerPane::refill);
}

void ExplorerPane::setPort(SessionPort* port)
{
    m_port = port;
    m_snapshot.reset();
    if (!port)
        return;
    connect(port, &SessionPort::snapshotChanged, this, &ExplorerPane::show);
    show(port->snapshot());
    m_tree->expandAll();
}

void ExplorerPane::setTheme(const Theme& theme)
{
    m_delegate->setTheme(theme);
    m_tree->viewport()->update();
}

void ExplorerPane::show(const SnapshotPtr& snapshot)
{
    m_snapshot = snapshot;
    if (snapshot->workspace)
        m_folder.open(text(snapshot->workspace->folder.string()), text(snapshot->recordingFolder));
    refill();
}

void ExplorerPane::refill()
{
    const QScopedValueRollback moving(m_rowsMove, true);
    if (m_snapshot)
        m_model.setRows(explorerRows(*m_snapshot, m_folder, m_tests));
}

void ExplorerPane::setTestMarks(const TestMarks& marks)
{
    m_tests = marks;
    refill();
}

void ExplorerPane::select(Section section, const QString& key)
{
    const QModelIndex index = m_filtered.mapFromSource(m_model.find(section, key));
    if (index.isValid())
        m_tree->setCurrentIndex(index);
}

void ExplorerPane::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void ExplorerPane::choose(const QModelIndex& proxyIndex)
{
    const QString key = proxyIndex.data(ExplorerModel::KeyRole).toString();
    if (key.isEmpty() || m_rowsMove)
        return;
    switch (static_cast<Section>(proxyIndex.data(ExplorerModel::SectionRole).toInt())) {
    case Section::Functions:
        Q_EMIT functionChosen(key);
        break;
    case Section::Triggers:
        Q_EMIT triggerChosen(key);
        break;
    case Section::TestEvents:
        Q_EMIT eventChosen(key);
        break;
    case Section::Scenarios:
        Q_EMIT scenarioChosen(key);
        break;
    case Section::Stores:
        Q_EMIT storeChosen(key);
        break;
    case Section::Recordings:
        break; // see chooseRecording()
    }
}

/// Reading one takes its time: arrow keys only pass over them.
void ExplorerPane::chooseRecording(const QModelIndex& proxyIndex)
{
    const QString key = proxyIndex.data(ExplorerModel::KeyRole).toString();
    const auto section = static_cast<Section>(proxyIndex.data(ExplorerModel::SectionRole).toInt());
    if (section == Section::Recordings && !key.isEmpty())
        Q_EMIT recordingChosen(key);
}

} // namespace coldframe::ui
