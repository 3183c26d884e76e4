#include "ui/dialogs/variables_table.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

#include "model/json_edit.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr int kTableHeight = 124; ///< pixels: three variables, more by scrolling

} // namespace

VariablesTable::VariablesTable(const std::optional<JsonValue>& inFile, QWidget* parent)
    : QWidget(parent), m_table(new QTableWidget(0, 2, this))
{
    m_table->setProperty("field", true);
    m_table->setHorizontalHeaderLabels({tr("Name"), tr("Value")});
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->resizeSection(0, 170);
    m_table->verticalHeader()->hide();
    m_table->setShowGrid(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setFixedHeight(kTableHeight);
    m_table->setTabKeyNavigation(false); // Tab goes on to the next field
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    if (inFile && inFile->isObject())
        for (const JsonMember& member : inFile->members())
            addRow(text(member.key),
                   member.value.isString() ? text(member.value.string())
                                           : text(std::string(member.value.raw())));
    m_first = variables();

    auto* add = new QPushButton(tr("Add variable"), this);
    auto* remove = new QPushButton(tr("Remove"), this);
    for (QPushButton* button : {add, remove})
        button->setAutoDefault(false);
    remove->setAccessibleName(tr("Remove the chosen variable"));
    connect(add, &QPushButton::clicked, this, [this] {
        addRow({}, {});
        m_table->setCurrentCell(m_table->rowCount() - 1, 0);
        m_table->editItem(m_table->currentItem());
    });
    connect(remove, &QPushButton::clicked, this, &VariablesTable::removeRow);
    connect(m_table, &QTableWidget::itemChanged, this, &VariablesTable::changed);
    auto* row = new QHBoxLayout;
    row->addWidget(add);
    row->addWidget(remove);
    row->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_table);
    column->addLayout(row);
}

void VariablesTable::addRow(const QString& name, const QString& value)
{
    const int row = m_table->rowCount();
    const QSignalBlocker quiet(m_table); // a row is one change, not three
    m_table->insertRow(row);
    m_table->setItem(row, 0, new QTableWidgetItem(name));
    m_table->setItem(row, 1, new QTableWidgetItem(value));
}

void VariablesTable::removeRow()
{
    if (m_table->currentRow() < 0)
        return;
    m_table->removeRow(m_table->currentRow());
    Q_EMIT changed();
}

VariablesTable::Variables VariablesTable::variables() const
{
    Variables found;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const std::string name = m_table->item(row, 0)->text().trimmed().toStdString();
        const std::string value = m_table->item(row, 1)->text().toStdString();
        if (!name.empty() || !value.empty()) // a line just added is nothing yet
            found.emplace_back(name, value);
    }
    return found;
}

void VariablesTable::addChanges(std::vector<EntryChange::Value>& changes) const
{
    const Variables now = variables();
    for (const auto& [name, value] : m_first)
        if (std::ranges::find(now, name, &Variables::value_type::first) == now.end())
            changes.push_back({childPointer("/environment", name), std::nullopt});
    for (const auto& variable : now)
        if (std::ranges::find(m_first, variable) == m_first.end())
            changes.push_back(
                {childPointer("/environment", variable.first), quotedJson(variable.second)});
}

QString VariablesTable::problem() const
{
    const Variables now = variables();
    for (auto at = now.begin(); at != now.end(); ++at)
        if (std::any_of(now.begin(), at, [&](const auto& e) { return e.first == at->first; }))
            return tr("The variable %1 is there twice — remove one.").arg(text(at->first));
    return {};
}

} // namespace coldframe::ui
