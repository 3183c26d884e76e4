#include "ui/tests_view/tests_pane.h"

#include <QAction>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>

#include <algorithm>

#include "ui/support/format.h"
#include "ui/tests_view/expectation_help.h"
#include "ui/tests_view/problem_list.h"
#include "ui/tests_view/tests_model.h"
#include "ui/tests_view/tests_table.h"
#include "ui/widgets/card.h"
#include "ui/widgets/status_dot.h"
#include "ui/widgets/wrap_row.h"

namespace coldframe::ui {

namespace {

/// A button that is what its action is.
QPushButton* buttonOf(QAction* action, QWidget* parent)
{
    auto* button = new QPushButton(parent);
    const auto take = [button, action] {
        button->setText(action->iconText());
        button->setToolTip(action->toolTip());
        button->setEnabled(action->isEnabled());
    };
    take();
    QObject::connect(action, &QAction::changed, button, take);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    return button;
}

/// The worst that is there decides the colour; the words say all of it.
Tone toneOf(const TestTally& tally)
{
    if (tally.failed > 0)
        return Tone::Bad;
    if (tally.broken > 0)
        return Tone::Warning;
    return tally.passed > 0 && tally.notRun == 0 ? Tone::Good : Tone::Neutral;
}

} // namespace

TestsPane::TestsPane(TestsModel* model, const QList<QAction*>& actions, QWidget* parent)
    : QWidget(parent), m_model(model), m_table(new TestsTable(model, this)),
      m_empty(new ExpectationHelp(this)), m_pages(new QStackedWidget(this)),
      m_testAll(actions.constFirst())
{
    auto* split = new QSplitter(Qt::Horizontal, this);
    split->setChildrenCollapsible(false);
    split->setHandleWidth(9);
    const auto inCard = [](QWidget* content) {
        auto* card = new Card;
        auto* inside = new QVBoxLayout(card);
        inside->setContentsMargins(1, 1, 1, 1);
        inside->addWidget(content);
        return card;
    };
    m_table->setMinimumWidth(m_table->fontMetrics().averageCharWidth() * 22);
    split->addWidget(inCard(m_table));
    split->addWidget(inCard(buildDetails()));
    split->setSizes({400, 560});
    split->setStretchFactor(0, 2);
    split->setStretchFactor(1, 3);
    m_pages->addWidget(split);
    m_pages->addWidget(inCard(m_empty));

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(9, 4, 3, 2);
    column->setSpacing(6);
    column->addWidget(buildBar(actions));
    column->addWidget(m_pages, 1);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (current.isValid())
                    m_current = text(m_model->row(current.row()).test.name);
                showSelected();
            });
    connect(m_table, &QTableView::activated, this, &TestsPane::openEvent);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, &TestsPane::openMenu);
    connect(m_problems, &ProblemList::placeWanted, this, &TestsPane::placeWanted);
    connect(m_model, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& first, const QModelIndex& last) {
                showSummary();
                const int shown = m_table->currentIndex().row();
                if (first.row() <= shown && shown <= last.row())
                    showSelected();
            });
    connect(m_model, &QAbstractItemModel::modelReset, this, &TestsPane::refresh);
    refresh();
}

QWidget* TestsPane::buildBar(const QList<QAction*>& actions)
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 6, 0);
    row->setSpacing(6);
    for (QAction* action : actions)
        row->addWidget(buttonOf(action, bar));
    m_summary = new StatusDot(bar, true);
    m_summary->setObjectName(QStringLiteral("testsSummary"));
    m_refusal = dimLabel(QString(), bar);
    m_refusal->setWordWrap(true);
    m_refusal->setTextFormat(Qt::PlainText);
    row->addSpacing(6);
    row->addWidget(m_summary);
    row->addWidget(m_refusal, 1);
    return bar;
}

QWidget* TestsPane::buildDetails()
{
    auto* details = new QWidget(this);
    m_figures = dimLabel(QString(), details);
    m_figures->setWordWrap(true);
    m_figures->setContentsMargins(8, 0, 8, 5);
    m_figures->setFont(uiFont(8.5));
    m_event = new QPushButton(tr("Open event"), details);
    m_event->setToolTip(tr("Put the event into the editor, with its function (Enter in the list)"));
    m_expectation = new QPushButton(tr("Open expectation"), details);
    m_expectation->setToolTip(
        tr("Open the file in your editor, at the first line not as expected"));
    connect(m_event, &QPushButton::clicked, this, &TestsPane::openEvent);
    connect(m_expectation, &QPushButton::clicked, this, &TestsPane::openExpectation);
    auto* row = new WrapRow(details);
    row->add(m_event);
    row->add(m_expectation);

    m_problems = new ProblemList(details);
    m_message = dimLabel(QString(), details);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_help = new ExpectationHelp(details);
    m_details = new QStackedWidget(details);
    for (QWidget* page : {static_cast<QWidget*>(m_problems), static_cast<QWidget*>(m_message),
                          static_cast<QWidget*>(m_help)})
        m_details->addWidget(page);
    auto* column = new QVBoxLayout(details);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* rowMargins = new QVBoxLayout;
    rowMargins->setContentsMargins(6, 6, 6, 0);
    rowMargins->addWidget(row);
    column->addLayout(rowMargins);
    column->addWidget(m_details, 1);
    column->addWidget(m_figures);
    return details;
}

void TestsPane::setTheme(const Theme& theme)
{
    m_table->setTheme(theme);
    m_problems->setTheme(theme);
    m_summary->setTheme(theme);
}

void TestsPane::setRefusal(const QString& refusal)
{
    m_refusal->setText(refusal);
}

/// After another list has come: the test that was selected is so again, or else the first.
void TestsPane::refresh()
{
    m_pages->setCurrentIndex(m_model->rowCount() == 0 ? 1 : 0);
    const int row = qMax(0, m_model->find(m_current));
    if (row < m_model->rowCount())
        m_table->setCurrentIndex(m_model->index(row, 0));
    showSummary();
    showSelected();
}

void TestsPane::selectTrouble()
{
    const auto troubled = [](const TestRow& row) {
        return row.state() == TestState::Failed || row.state() == TestState::Broken;
    };
    if (const TestRow* row = selected(); row && troubled(*row))
        return;
    const auto first = std::ranges::find_if(m_model->rows(), troubled);
    if (first != m_model->rows().end())
        m_table->setCurrentIndex(
            m_model->index(static_cast<int>(first - m_model->rows().begin()), 0));
}

const TestRow* TestsPane::selected() const
{
    const QModelIndex current = m_table->currentIndex();
    return current.isValid() ? &m_model->row(current.row()) : nullptr;
}

QStringList TestsPane::selectedNames() const
{
    QStringList names;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        names << text(m_model->row(index.row()).test.name);
    return names;
}

void TestsPane::showSummary()
{
    const TestTally tally = tallyOf(m_model->rows());
    m_summary->setState(toneOf(tally), summaryText(tally));
}

void TestsPane::showSelected()
{
    const TestRow* row = selected();
    m_event->setEnabled(row != nullptr);
    m_expectation->setEnabled(row && (row->test.expectation || !row->test.errors.empty()));
    m_figures->setText(row ? detailText(*row) : QString());
    m_figures->setVisible(!m_figures->text().isEmpty());
    if (!row)
        return;
    m_problems->setProblems(problemsOf(*row));
    switch (row->state()) {
    case TestState::Failed:
    case TestState::Broken:
        m_details->setCurrentWidget(m_problems);
        return;
    case TestState::NothingExpected:
        m_help->setEvent(text(row->test.name), text(row->test.function));
        m_details->setCurrentWidget(m_help);
        return;
    case TestState::Passed:
        m_message->setText(tr("Everything is as expected."));
        break;
    case TestState::Running:
        m_message->setText(tr("Running…"));
        break;
    case TestState::NotRun:
        m_message->setText(row->result ? tr("Stopped before it had ended.") : tr("Not run yet."));
        break;
    }
    m_details->setCurrentWidget(m_message);
}

void TestsPane::openEvent()
{
    if (const TestRow* row = selected())
        Q_EMIT eventWanted(text(row->test.event.string()), text(row->test.function));
}

void TestsPane::openExpectation()
{
    const TestRow* row = selected();
    if (!row)
        return;
    const QString file = text(row->test.expectationFile.string());
    const QList<TestProblem> problems = problemsOf(*row);
    const bool here = !problems.isEmpty() && problems.constFirst().file == file;
    Q_EMIT placeWanted(file, here ? problems.constFirst().line : 0,
                       here ? problems.constFirst().column : 0);
}

void TestsPane::openMenu(QPoint position)
{
    const QModelIndex index = m_table->indexAt(position);
    if (!index.isValid())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Test selected"), this,
                    [this, names = selectedNames()] { Q_EMIT testsWanted(names); })
        ->setEnabled(m_testAll->isEnabled());
    menu->addAction(tr("&Open event"), this, &TestsPane::openEvent)
        ->setEnabled(m_event->isEnabled());
    menu->addAction(tr("Open e&xpectation"), this, &TestsPane::openExpectation)
        ->setEnabled(m_expectation->isEnabled());
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

} // namespace coldframe::ui
