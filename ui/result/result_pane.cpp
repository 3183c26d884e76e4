#include "ui/result/result_pane.h"

#include <QAction>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedLayout>
#include <QTabWidget>
#include <QTimer>
#include <QToolButton>

#include <algorithm>

#include "ui/result/diff_view.h"
#include "ui/result/files_view.h"
#include "ui/result/life_view.h"
#include "ui/result/result_text.h"
#include "ui/support/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/log_view.h"
#include "ui/widgets/stat_box.h"
#include "ui/widgets/stat_grid.h"
#include "ui/widgets/status_dot.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

namespace {

constexpr int kRunsLongMs = 200;
} // namespace

ResultPane::ResultPane(QWidget* parent) : Card(parent), m_theme(&Theme::lightTheme())
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    column->setSpacing(6);
    auto* head = new QHBoxLayout;
    auto* title = new QLabel(tr("Result"), this);
    title->setFont(uiFont(9.5, QFont::DemiBold));
    m_state = new StatusDot(this, true);
    head->addWidget(title);
    m_cancel = new QToolButton(this);
    m_cancel->setObjectName(QStringLiteral("plain"));
    m_cancel->hide();
    head->addStretch(1);
    head->addWidget(m_cancel);
    head->addWidget(m_state);
    column->addLayout(head);

    m_pages = new QStackedLayout;
    column->addLayout(m_pages, 1);
    m_pages->addWidget(buildEmpty());
    auto* page = new QWidget(this);
    buildResult(page);
    m_pages->addWidget(page);
    m_runningLong = new QTimer(this);
    m_runningLong->setSingleShot(true);
    m_runningLong->setInterval(kRunsLongMs);
    connect(m_runningLong, &QTimer::timeout, this, &ResultPane::clearForRunning);
}

QWidget* ResultPane::buildEmpty()
{
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    auto* title = new QLabel(tr("Nothing sent yet"), page);
    title->setFont(uiFont(12.0, QFont::DemiBold));
    title->setAlignment(Qt::AlignCenter);
    auto* text = dimLabel(tr("Send (Ctrl+Enter) runs this function with the event on the left. "
                             "Its output, log, times, memory and cost appear here, "
                             "each marked as measured or modelled.\n\n"
                             "Send once more, and the instance is warm."),
                          page);
    text->setAlignment(Qt::AlignHCenter);
    text->setWordWrap(true);
    column->addStretch(2);
    column->addWidget(title);
    column->addWidget(text);
    column->addStretch(3);
    return page;
}

void ResultPane::buildResult(QWidget* page)
{
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(buildStats(page));
    m_reason = new WrappedLabel(page);
    m_reason->setProperty("dim", true);
    m_reason->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_reason);
    buildTabs(page);
    column->addWidget(m_tabs, 1);
}

QWidget* ResultPane::buildStats(QWidget* page)
{
    auto* grid = new StatGrid(page);
    m_platform = grid->add(tr("Platform time · modelled"));
    m_desk = grid->add(tr("Desk time · measured"));
    m_init = grid->add(tr("Init · measured"));
    m_memory = grid->add(tr("Memory · measured"));
    m_cost = grid->add(tr("Cost per million · modelled"));
    m_instance = grid->add(tr("Instance"));
    return grid;
}

void ResultPane::buildTabs(QWidget* page)
{
    m_tabs = new QTabWidget(page);
    m_tabs->setDocumentMode(true);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->setElideMode(Qt::ElideNone);
    m_tabs->setMinimumHeight(90); // what is in them scrolls; the figures above cannot
    m_outputPage = new QWidget(m_tabs);
    auto* outputColumn = new QVBoxLayout(m_outputPage);
    outputColumn->setContentsMargins(0, 6, 0, 0);
    m_logs = new LogView(m_tabs);
    connect(m_logs, &LogView::linkActivated, this, &ResultPane::sourceWanted);
    m_life = new LifeView(m_tabs);
    auto* lifePage = new QScrollArea(m_tabs);
    lifePage->setFrameShape(QFrame::NoFrame);
    lifePage->setWidgetResizable(true);
    lifePage->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    lifePage->setWidget(m_life);
    // After setWidget(), which would have them filled with the window's grey.
    lifePage->viewport()->setAutoFillBackground(false);
    m_life->setAutoFillBackground(false);
    m_tabs->addTab(m_outputPage, tr("Output"));
    m_tabs->addTab(m_logs, tr("Logs"));
    m_tabs->addTab(lifePage, tr("Life"));
    m_files = new FilesView(m_tabs);
    connect(m_files, &FilesView::messageWanted, this, &ResultPane::messageWanted);
    m_tabs->insertTab(2, m_files, tr("Files"));
    m_diff = new DiffView(m_tabs);
    m_tabs->addTab(m_diff, tr("Diff"));
    connect(m_tabs, &QTabWidget::currentChanged, this, &ResultPane::fillDiff);
    connect(m_diff, &DiffView::unpinWanted, this, [this] {
        m_pinned.reset();
        m_diffIsStale = true;
        fillDiff();
    });
}

void ResultPane::buildEventPage()
{
    m_eventPage = new QWidget(m_tabs);
    auto* column = new QVBoxLayout(m_eventPage);
    column->setContentsMargins(0, 6, 0, 0);
    m_event = new JsonView(m_eventPage);
    m_event->setReadOnly(true);
    m_event->setTheme(*m_theme);
    m_event->setName(tr("Event of the attempt, JSON"));
    auto* use = new QPushButton(tr("Put into the editor"), m_eventPage);
    connect(use, &QPushButton::clicked, this, [this] { Q_EMIT eventWanted(m_event->text()); });
    column->addWidget(m_event, 1);
    column->addWidget(use, 0, Qt::AlignLeft);
}

/// With an empty event the tab goes away.
void ResultPane::showEventTab(const QString& event)
{
    const int tab = m_eventPage ? m_tabs->indexOf(m_eventPage) : -1;
    if (event.isEmpty()) {
        m_tabs->removeTab(tab); // nothing happens when there is none
        return;
    }
    if (!m_eventPage)
        buildEventPage();
    m_event->setText(prettyOutput(event.toStdString()));
    if (tab < 0)
        m_tabs->addTab(m_eventPage, tr("Event"));
}

JsonView* ResultPane::output()
{
    if (!m_output) {
        m_output = new JsonView(m_outputPage);
        m_output->setReadOnly(true);
        m_output->setTheme(*m_theme);
        m_output->setName(tr("Output, JSON"));
        m_outputPage->layout()->addWidget(m_output);
        connect(m_output, &JsonView::linkActivated, this, &ResultPane::sourceWanted);
    }
    return m_output;
}

void ResultPane::setTheme(const Theme& theme)
{
    m_theme = &theme;
    m_state->setTheme(theme);
    m_life->setTheme(theme);
    m_logs->setTheme(theme);
    m_files->setTheme(theme);
    m_diff->setTheme(theme);
    for (JsonView* view : {m_output, m_event})
        if (view)
            view->setTheme(theme);
}

void ResultPane::setStores(const QHash<QString, QString>& folders, const QSet<QString>& queues)
{
    m_files->setStores(folders);
    m_files->setQueues(queues);
    m_queues = queues;
}

void ResultPane::forgetAll()
{
    m_answers.clear();
    m_before.clear();
    m_shown.reset();
    setFunction(QString());
}

void ResultPane::setCancelAction(QAction* action)
{
    m_cancel->setDefaultAction(action);
    const auto follow = [this, action] { m_cancel->setVisible(action->isEnabled()); };
    connect(action, &QAction::changed, this, follow);
    follow();
}

void ResultPane::setFunction(const QString& name, const QString& folder)
{
    if (name != m_function)
        m_pinned.reset();
    m_function = name;
    m_folder = folder;
    m_following = 0;
    m_runningLong->stop();
    showEventTab(QString());
    const auto answer = m_answers.constFind(name);
    if (answer != m_answers.constEnd()) {
        fill(*answer);
        return;
    }
    m_state->setState(Tone::Neutral, QString());
    showFiles({});
    m_pages->setCurrentIndex(0);
}

void ResultPane::showAnswer(const QString& function, const session::Answer& answer)
{
    m_answers.insert(function, answer);
    if (function != m_function)
        return;
    showEventTab(QString());
    fill(answer);
}

void ResultPane::showAttempt(const session::Answer& answer, const QString& event,
                             const QList<LifeStage>& more)
{
    fill(answer);
    if (!more.isEmpty())
        m_life->setStages(lifeStages(answer, m_queues) + more);
    for (const LifeStage& stage : more)
        if (!stage.headline.isEmpty()) {
            m_reason->setText(stage.headline + QLatin1Char('\n') + m_reason->text());
            m_reason->show();
        }
    showEventTab(event);
}

void ResultPane::fill(const session::Answer& answer)
{
    m_following = 0;
    m_runningLong->stop();
    if (std::exchange(m_logsWhileRunning, false) && m_tabs->currentWidget() == m_logs)
        m_tabs->setCurrentWidget(m_outputPage); // there was nothing else to show; now there is
    fillState(answer);
    fillStats(answer);
    if (answer.refused)
        m_reason->setText(text(answer.refused->message) + QLatin1Char('\n')
                          + text(answer.refused->hint));
    else
        m_reason->setText(failureText(answer) + text(answer.reasonText));
    m_reason->setVisible(!m_reason->text().trimmed().isEmpty());

    const QString shown = prettyOutput(answer.payload);
    output()->setText(shown);
    output()->setLinks(findSourceLinks(shown, m_folder));
    QString log = text(answer.log);
    if (answer.logBytesDropped > 0)
        log += tr("\n(%1 of the log were not kept)").arg(bytesText(answer.logBytesDropped));
    m_logs->setLog(log, m_folder);
    m_life->setStages(lifeStages(answer, m_queues));
    showFiles(answer.stores);
    keepForDiff(answer);
    m_pages->setCurrentIndex(1);
}

void ResultPane::showFiles(const StoreWork& work)
{
    m_files->setWork(work);
    const std::uint64_t count = work.outputs.size() + work.moreOutputs;
    const bool messages = std::ranges::any_of(work.outputs, [this](const Output& output) {
        return m_queues.contains(text(output.store));
    });
    const QString what = messages ? tr("Outputs") : tr("Files");
    m_tabs->setTabText(m_tabs->indexOf(m_files),
                       count == 0 ? what : tr("%1 %2").arg(what, countText(count)));
}

/// What was shown before of the same function is what the next one is compared with.
void ResultPane::keepForDiff(const session::Answer& answer)
{
    const bool another = m_shown && m_shownFunction == m_function
        && (m_shown->requestId != answer.requestId || m_shown->attempt != answer.attempt);
    if (another)
        m_before.insert(m_function, *m_shown);
    m_shown = answer;
    m_shownFunction = m_function;
    m_diffIsStale = true;
    fillDiff();
}

void ResultPane::compareWith(const session::Answer& answer)
{
    m_pinned = answer;
    m_diffIsStale = true;
    m_tabs->setCurrentWidget(m_diff);
    fillDiff();
}

void ResultPane::fillDiff()
{
    if (m_tabs->currentWidget() != m_diff || !m_diffIsStale)
        return;
    m_diffIsStale = false;
    m_diff->setPinned(m_pinned.has_value());
    const auto before = m_before.constFind(m_function);
    if (!m_shown || (!m_pinned && before == m_before.constEnd())) {
        m_diff->showNothing();
        return;
    }
    const session::Answer& with = m_pinned ? *m_pinned : *before;
    const QString at = clockText(with.acceptedAt);
    m_diff->show(with.payload, m_shown->payload,
                 m_pinned ? tr("the attempt of %1").arg(at)
                          : tr("the result before, of %1").arg(at));
}

void ResultPane::fillState(const session::Answer& answer)
{
    if (answer.refused)
        m_state->setState(Tone::Bad, tr("Not sent"));
    else if (answer.throttled)
        m_state->setState(Tone::Warning, tr("Throttled"));
    else if (answer.accepted)
        m_state->setState(Tone::Accent, tr("Accepted"));
    else
        m_state->setState(outcomeTone(answer.outcome), outcomeText(answer.outcome));
}

void ResultPane::fillStats(const session::Answer& answer)
{
    const bool ran = !answer.refused && !answer.throttled && !answer.accepted;
    const QString none;
    m_platform->setValue(ran && !answer.debugged ? durationText(answer.platform) : none);
    m_desk->setValue(ran ? durationText(answer.desk) : none);
    m_init->setValue(ran && answer.init > Duration::zero() ? durationText(answer.init) : none);
    m_memory->setValue(
        ran && answer.peakMemoryKb > 0
            ? tr("%1 / %2 MB").arg((answer.peakMemoryKb + 1023) / 1024).arg(answer.memoryMb)
            : none);
    m_cost->setValue(ran ? dollarsText(answer.cost.toDollars() * 1e6) : none);
    m_instance->setValue(instanceText(answer));
}

} // namespace coldframe::ui
