#include "ui/result/diff_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>

#include <algorithm>

#include "model/json_text.h"
#include "ui/support/format.h"
#include "ui/widgets/card.h"

namespace coldframe::ui {

namespace {

using Kind = check::JsonChange::Kind;

constexpr int kLongestShown = 2000; ///< characters of one value
constexpr qsizetype kContext = 12; ///< characters shown before the first that differs
constexpr int kKindRole = Qt::UserRole;

QString mark(Kind kind)
{
    return kind == Kind::Added  ? QStringLiteral("+ ")
        : kind == Kind::Removed ? QStringLiteral("− ")
                                : QStringLiteral("~ ");
}

QString spoken(Kind kind)
{
    return kind == Kind::Added  ? DiffView::tr("added")
        : kind == Kind::Removed ? DiffView::tr("removed")
                                : DiffView::tr("changed");
}

QString shortened(const std::string& value)
{
    const QString whole = text(value);
    return whole.size() > kLongestShown ? whole.left(kLongestShown) + QStringLiteral("…") : whole;
}

/// Two long texts begin where they differ, with a little of what comes before.
void beginAtDifference(QString& before, QString& after)
{
    const auto [old, fresh]
        = std::mismatch(before.cbegin(), before.cend(), after.cbegin(), after.cend());
    const qsizetype same = old - before.cbegin();
    if (same <= 2 * kContext || (old == before.cend() && fresh == after.cend()))
        return;
    for (QString* value : {&before, &after})
        *value = QStringLiteral("…") + value->mid(same - kContext);
}

} // namespace

std::vector<check::JsonChange> outputChanges(const std::string& before, const std::string& after,
                                             std::size_t limit)
{
    const auto old = parseJson(before, std::string());
    const auto fresh = parseJson(after, std::string());
    if (old && fresh)
        return check::jsonDiff(*old, *fresh, limit);
    if (before == after)
        return {};
    return {{{}, Kind::Changed, before, after}};
}

DiffView::DiffView(QWidget* parent)
    : QWidget(parent), m_summary(dimLabel(QString(), this)),
      m_unpin(new QPushButton(tr("Compare with the one before"), this)),
      m_table(new QTableWidget(0, 3, this))
{
    m_summary->setWordWrap(true);
    m_unpin->hide();
    connect(m_unpin, &QPushButton::clicked, this, &DiffView::unpinWanted);
    m_table->setHorizontalHeaderLabels({tr("Place"), tr("Before"), tr("Now")});
    m_table->setAccessibleName(tr("Differences of the outputs"));
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAlternatingRowColors(true);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setTextElideMode(Qt::ElideRight);
    m_table->setFont(codeFont(8.5));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 10);
    m_table->horizontalHeader()->setFont(uiFont(8.5, QFont::DemiBold));
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);

    auto* head = new QHBoxLayout;
    head->addWidget(m_summary, 1);
    head->addWidget(m_unpin);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 6, 0, 0);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(m_table, 1);
    showNothing();
}

void DiffView::setTheme(const Theme& theme)
{
    m_theme = &theme;
    colour();
}

void DiffView::setPinned(bool pinned)
{
    m_unpin->setVisible(pinned);
}

void DiffView::showNothing()
{
    m_summary->setText(tr("Nothing to compare with yet. Send once more, or choose “Compare with "
                          "the shown result” in the menu of an attempt."));
    m_table->hide();
}

void DiffView::show(const std::string& before, const std::string& after, const QString& against)
{
    const auto changes = outputChanges(before, after, kMostShown + 1);
    const std::size_t count = changes.size();
    m_summary->setText(count == 0       ? tr("No difference from %1.").arg(against)
                           : count == 1 ? tr("1 difference from %1.").arg(against)
                           : count > kMostShown
                           ? tr("More than %1 differences from %2; these are the first.")
                                 .arg(countText(kMostShown), against)
                           : tr("%1 differences from %2.").arg(countText(count), against));
    fill(changes);
    m_table->setVisible(count > 0);
}

void DiffView::fill(const std::vector<check::JsonChange>& changes)
{
    const std::size_t rows = std::min(changes.size(), kMostShown);
    m_table->setRowCount(0);
    m_table->setRowCount(static_cast<int>(rows));
    for (std::size_t i = 0; i < rows; ++i) {
        const check::JsonChange& change = changes[i];
        const QString place
            = change.pointer.empty() ? tr("the whole output") : text(change.pointer);
        const QStringList cells{mark(change.kind) + place, shortened(change.before),
                                shortened(change.after)};
        QStringList shown{cells[0], cells[1].simplified(), cells[2].simplified()};
        beginAtDifference(shown[1], shown[2]);
        for (int column = 0; column < cells.size(); ++column) {
            auto* cell = new QTableWidgetItem(shown[column]);
            cell->setToolTip(cells[column]);
            cell->setData(kKindRole, static_cast<int>(change.kind));
            if (column == 0)
                cell->setData(Qt::AccessibleTextRole,
                              QStringLiteral("%1 %2").arg(spoken(change.kind), place));
            m_table->setItem(static_cast<int>(i), column, cell);
        }
    }
    colour();
}

void DiffView::colour()
{
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto kind = static_cast<Kind>(m_table->item(row, 0)->data(kKindRole).toInt());
        m_table->item(row, 0)->setForeground(kind == Kind::Added         ? m_theme->good
                                                 : kind == Kind::Removed ? m_theme->bad
                                                                         : m_theme->warning);
        m_table->item(row, 1)->setForeground(m_theme->bad);
        m_table->item(row, 2)->setForeground(m_theme->good);
    }
}

} // namespace coldframe::ui
