#include "ui/attempts/attempts_pane.h"

#include <QAction>
#include <QButtonGroup>
#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QShortcut>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

#include "ui/attempts/attempts_model.h"
#include "ui/attempts/attempts_table.h"
#include "ui/attempts/chip.h"
#include "ui/attempts/filter_text.h"
#include "ui/support/format.h"
#include "ui/theme/icons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/wrap_row.h"

namespace coldframe::ui {

namespace {

constexpr int kTypingMs = 150;
constexpr int kMovingMs = 120; ///< an attempt is read from disk: not for every row passed over
constexpr int kMaxFilterLength = 1000;

const char* const kChipFilter = "filter"; ///< the term a chip stands for

} // namespace

AttemptsPane::AttemptsPane(QWidget* parent)
    : QWidget(parent), m_model(new AttemptsModel(this)), m_typing(new QTimer(this)),
      m_moving(new QTimer(this))
{
    auto* card = new Card(this);
    m_table = new AttemptsTable(m_model, card);
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(1, 1, 1, 1);
    inside->addWidget(m_table);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(9, 4, 3, 2);
    column->setSpacing(6);
    column->addWidget(buildBar());
    m_problem = new QLabel(this);
    m_problem->setWordWrap(true);
    m_problem->hide();
    column->addWidget(m_problem);
    column->addWidget(card, 1);

    m_typing->setSingleShot(true);
    m_typing->setInterval(kTypingMs);
    connect(m_typing, &QTimer::timeout, this, &AttemptsPane::applyFilter);
    m_moving->setSingleShot(true);
    m_moving->setInterval(kMovingMs);
    connect(m_moving, &QTimer::timeout, this, &AttemptsPane::activateCurrent);
    connect(m_model, &AttemptsModel::countsChanged, this, &AttemptsPane::updateCounts);
    connect(m_table, &AttemptsTable::followingChanged, this, &AttemptsPane::updateCounts);
    connect(m_table, &QTableView::clicked, this, &AttemptsPane::activateCurrent);
    connect(m_table, &QTableView::activated, this, &AttemptsPane::activateCurrent);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (current.isValid())
                    m_moving->start();
            });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &AttemptsPane::selectionChanged);
    connect(m_model, &QAbstractItemModel::modelReset, this, &AttemptsPane::selectionChanged);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, &AttemptsPane::openMenu);
    auto* find = new QShortcut(QKeySequence::Find, this);
    find->setContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, this, &AttemptsPane::focusFilter);
    setTheme(*m_theme);
    updateCounts();
}

QWidget* AttemptsPane::buildBar()
{
    auto* bar = new WrapRow(this);
    m_filter = new QLineEdit(bar);
    m_filter->setPlaceholderText(tr("Filter: fn:thumb* status:error cold:yes dur>500ms …"));
    m_filter->setAccessibleName(tr("Filter of attempts"));
    m_filter->setToolTip(filterHelp());
    m_filter->setMaxLength(kMaxFilterLength);
    m_filter->setMinimumWidth(m_filter->fontMetrics().averageCharWidth() * 24);
    m_filter->installEventFilter(this);
    m_searchIcon = m_filter->addAction(QIcon(), QLineEdit::LeadingPosition);
    connect(m_filter, &QLineEdit::textEdited, m_typing, qOverload<>(&QTimer::start));
    connect(m_filter, &QLineEdit::returnPressed, this, &AttemptsPane::applyFilter);
    bar->add(m_filter, true);

    m_chips = new QButtonGroup(this);
    const auto chip = [&](const QString& text, const char* filter) {
        auto* made = new Chip(text, bar);
        made->setProperty(kChipFilter, QString::fromLatin1(filter));
        m_chips->addButton(made);
        bar->add(made);
        return made;
    };
    chip(tr("All"), "")->setChecked(true);
    m_errors = chip(tr("Errors"), "status:error");
    m_throttled = chip(tr("Throttled"), "status:throttled");
    m_cold = chip(tr("Cold starts"), "cold:yes");
    connect(m_chips, &QButtonGroup::buttonClicked, this, &AttemptsPane::applyFilter);

    m_count = dimLabel(QString(), bar);
    m_count->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    connect(m_count, &QLabel::linkActivated, this, [this] {
        m_table->follow();
        updateCounts();
    });
    bar->add(m_count);
    return bar;
}

void AttemptsPane::setTheme(const Theme& theme)
{
    m_theme = &theme;
    m_table->setTheme(theme);
    m_searchIcon->setIcon(strokeIcon(QStringLiteral("search"), theme.dim));
    for (QAbstractButton* button : m_chips->buttons())
        static_cast<Chip*>(button)->setTheme(theme);
    QPalette palette = m_problem->palette();
    palette.setColor(QPalette::WindowText, theme.bad);
    m_problem->setPalette(palette);
}

void AttemptsPane::show(std::shared_ptr<const session::Snapshot> snapshot)
{
    if (isVisible())
        m_model->show(std::move(snapshot));
    else
        m_waiting = std::move(snapshot);
}

void AttemptsPane::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_waiting)
        m_model->show(std::move(m_waiting));
    m_waiting.reset();
}

bool AttemptsPane::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_filter && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape && !(m_filter->text().isEmpty() && m_model->filter().empty())) {
            clearFilter();
            return true;
        }
        if (key == Qt::Key_Down) {
            m_table->setFocus(Qt::TabFocusReason);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void AttemptsPane::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

/// What is typed and the chip together. A term that makes no sense is named, and the table stays
/// as it is.
void AttemptsPane::applyFilter()
{
    m_typing->stop();
    const QString chip = m_chips->checkedButton()->property(kChipFilter).toString();
    ParsedFilter parsed = parseAttemptFilter(m_filter->text().toStdString());
    showProblem(parsed.problem ? problemText(*parsed.problem) : QString());
    if (parsed.problem)
        return;
    const ParsedFilter ready = parseAttemptFilter(chip.toStdString());
    for (const FilterTerm& term : ready.filter.terms)
        parsed.filter.terms.push_back(term);
    m_model->setFilter(std::move(parsed.filter));
    updateCounts();
}

void AttemptsPane::clearFilter()
{
    m_filter->clear();
    m_chips->buttons().front()->setChecked(true);
    applyFilter();
}

void AttemptsPane::showProblem(const QString& problem)
{
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_filter->setAccessibleDescription(problem);
}

void AttemptsPane::updateCounts()
{
    const AttemptTally tally = m_model->tally();
    m_errors->setCount(countText(tally.failures));
    m_throttled->setCount(countText(tally.throttled));
    m_cold->setCount(countText(tally.cold));

    const std::uint64_t total = m_model->total();
    QString count = total == 1 ? tr("1 attempt") : tr("%1 attempts").arg(countText(total));
    if (!m_model->filter().empty())
        count
            = tr("%1 of %2").arg(countText(static_cast<std::uint64_t>(m_model->rowCount())), count);
    if (m_model->searching())
        count = tr("%1 · searching").arg(count);
    else if (m_table->following())
        count = tr("%1 · following").arg(count);
    else
        count = tr("%1 · <a href='#'>%2 newer</a>").arg(count, countText(m_table->unseen()));
    if (count != m_count->text())
        m_count->setText(count);

    if (m_model->filter().empty())
        m_table->setHint(tr("No attempts yet"),
                         tr("Press Send, drop a file into a watched folder, or start the triggers: "
                            "every attempt appears here with its start, its times, its memory and "
                            "its cost."));
    else if (m_model->searching())
        m_table->setHint(tr("Searching…"), QString());
    else
        m_table->setHint(tr("No attempt matches this filter"),
                         tr("Esc in the filter shows all attempts again."));
}

void AttemptsPane::activateCurrent()
{
    m_moving->stop();
    const QModelIndex current = m_table->currentIndex();
    if (current.isValid())
        Q_EMIT attemptActivated(m_model->attempt(current.row()));
}

bool AttemptsPane::selectInvocation(std::uint32_t serial)
{
    int row = m_model->rowOf(serial);
    if (row < 0 && !m_model->filter().empty()) {
        clearFilter();
        row = m_model->rowOf(serial);
    }
    if (row < 0)
        return false;
    m_table->setCurrentIndex(m_model->index(row, 0));
    m_table->scrollTo(m_model->index(row, 0), QAbstractItemView::EnsureVisible);
    activateCurrent();
    return true;
}

std::vector<history::AttemptRow> AttemptsPane::selectedAttempts() const
{
    std::vector<int> rows;
    // By range: asking for the selected rows one by one is slow when there are many.
    for (const QItemSelectionRange& range : m_table->selectionModel()->selection())
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.push_back(row);
    std::ranges::sort(rows, std::ranges::greater());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    std::vector<history::AttemptRow> attempts;
    attempts.reserve(rows.size());
    for (const int row : rows)
        attempts.push_back(m_model->attempt(row));
    return attempts;
}

void AttemptsPane::openMenu(QPoint position)
{
    // Selected for what the menu does with it, not to be looked at: the shown result stays.
    m_moving->stop();
    const QModelIndex index = m_table->indexAt(position);
    if (!index.isValid())
        return;
    // The row may move on while the menu is open.
    const history::AttemptRow attempt = m_model->attempt(index.row());
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions(m_actions);
    if (!m_actions.isEmpty())
        menu->addSeparator();
    menu->addAction(tr("Copy &request id"), this, [attempt] {
        QGuiApplication::clipboard()->setText(text(history::toText(attempt.requestId)));
    });
    menu->addAction(tr("Copy as &JSON"), this, [this, attempt] {
        QGuiApplication::clipboard()->setText(
            attemptJson(attempt, m_model->workspace(), m_model->sandbox()));
    });
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

} // namespace coldframe::ui
