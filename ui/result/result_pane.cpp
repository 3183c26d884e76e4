#include "ui/result/result_pane.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedLayout>
#include <QTabWidget>

#include "model/json_text.h"
#include "ui/editor/json_format.h"
#include "ui/result/life_view.h"
#include "ui/support/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/stat_box.h"
#include "ui/widgets/status_dot.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kLargestFormatted = 2U << 20; ///< above this the output is shown as it came

QString prettyOutput(const std::string& payload)
{
    if (payload.size() <= kLargestFormatted)
        if (const auto parsed = parseJson(payload, std::string()))
            return QString::fromStdString(formatJson(*parsed));
    return text(payload);
}

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
    head->addStretch(1);
    head->addWidget(m_state);
    column->addLayout(head);

    m_pages = new QStackedLayout;
    column->addLayout(m_pages, 1);
    m_pages->addWidget(buildEmpty());
    auto* page = new QWidget(this);
    buildResult(page);
    m_pages->addWidget(page);
}

QWidget* ResultPane::buildEmpty()
{
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    auto* title = new QLabel(tr("Nothing sent yet"), page);
    title->setFont(uiFont(12.0, QFont::DemiBold));
    title->setAlignment(Qt::AlignCenter);
    auto* text = dimLabel(tr("Send (Ctrl+Enter) runs this function with the event on the left.\n"
                             "Its output, log, times, memory and cost appear here,\n"
                             "each marked as measured or modelled.\n\n"
                             "Send once more, and the instance is warm."),
                          page);
    text->setAlignment(Qt::AlignCenter);
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
    column->addLayout(buildStats(page));
    m_reason = dimLabel(QString(), page);
    m_reason->setWordWrap(true);
    m_reason->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_reason);
    buildTabs(page);
    column->addWidget(m_tabs, 1);
}

QLayout* ResultPane::buildStats(QWidget* page)
{
    auto* grid = new QGridLayout;
    grid->setSpacing(6);
    const auto box = [&](int row, int column, const QString& caption) {
        auto* stat = new StatBox(caption, page);
        grid->addWidget(stat, row, column);
        grid->setColumnStretch(column, 1);
        return stat;
    };
    m_platform = box(0, 0, tr("Platform time · modelled"));
    m_desk = box(0, 1, tr("Desk time · measured"));
    m_init = box(0, 2, tr("Init · measured"));
    m_memory = box(1, 0, tr("Memory · measured"));
    m_cost = box(1, 1, tr("Cost per million · modelled"));
    m_instance = box(1, 2, tr("Instance"));
    return grid;
}

void ResultPane::buildTabs(QWidget* page)
{
    m_tabs = new QTabWidget(page);
    m_tabs->setDocumentMode(true);
    m_outputPage = new QWidget(m_tabs);
    auto* outputColumn = new QVBoxLayout(m_outputPage);
    outputColumn->setContentsMargins(0, 6, 0, 0);
    m_logs = new QPlainTextEdit(m_tabs);
    m_logs->setReadOnly(true);
    m_logs->setFont(codeFont(8.5));
    m_logs->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_logs->setMaximumBlockCount(50'000);
    m_logs->setAccessibleName(tr("Log"));
    m_logs->setTabChangesFocus(true);
    m_life = new LifeView(m_tabs);
    auto* lifePage = new QScrollArea(m_tabs);
    lifePage->setFrameShape(QFrame::NoFrame);
    lifePage->setWidgetResizable(true);
    lifePage->viewport()->setAutoFillBackground(false);
    m_life->setAutoFillBackground(false);
    lifePage->setWidget(m_life);
    m_tabs->addTab(m_outputPage, tr("Output"));
    m_tabs->addTab(m_logs, tr("Logs"));
    m_tabs->addTab(lifePage, tr("Life"));
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
    }
    return m_output;
}

void ResultPane::setTheme(const Theme& theme)
{
    m_theme = &theme;
    m_state->setTheme(theme);
    m_life->setTheme(theme);
    for (JsonView* view : {m_output, m_event})
        if (view)
            view->setTheme(theme);
}

void ResultPane::forgetAll()
{
    m_answers.clear();
    setFunction(QString());
}

void ResultPane::setFunction(const QString& name)
{
    m_function = name;
    showEventTab(QString());
    const auto answer = m_answers.constFind(name);
    if (answer != m_answers.constEnd()) {
        fill(*answer);
        return;
    }
    m_state->setState(Tone::Neutral, QString());
    m_pages->setCurrentIndex(0);
}

void ResultPane::showRunning(const QString& function)
{
    if (function == m_function)
        m_state->setState(Tone::Accent, tr("Running"));
}

void ResultPane::showAnswer(const QString& function, const session::Answer& answer)
{
    m_answers.insert(function, answer);
    if (function != m_function)
        return;
    showEventTab(QString());
    fill(answer);
}

void ResultPane::showAttempt(const session::Answer& answer, const QString& event)
{
    fill(answer);
    showEventTab(event);
}

void ResultPane::fill(const session::Answer& answer)
{
    fillState(answer);
    fillStats(answer);
    if (answer.refused)
        m_reason->setText(text(answer.refused->message) + QLatin1Char('\n')
                          + text(answer.refused->hint));
    else
        m_reason->setText(text(answer.reasonText));
    m_reason->setVisible(!m_reason->text().trimmed().isEmpty());

    output()->setText(prettyOutput(answer.payload));
    QString log = text(answer.log);
    if (answer.logBytesDropped > 0)
        log += tr("\n(%1 of the log were not kept)").arg(bytesText(answer.logBytesDropped));
    m_logs->setPlainText(log);
    m_life->setStages(lifeStages(answer));
    m_pages->setCurrentIndex(1);
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
    m_platform->setValue(ran ? durationText(answer.platform) : none);
    m_desk->setValue(ran ? durationText(answer.desk) : none);
    m_init->setValue(ran && answer.init > Duration::zero() ? durationText(answer.init) : none);
    m_memory->setValue(
        ran ? tr("%1 / %2 MB").arg((answer.peakMemoryKb + 1023) / 1024).arg(answer.memoryMb) : none);
    m_cost->setValue(ran ? dollarsText(answer.cost.toDollars() * 1e6) : none);
    const QString start = answer.cold ? tr("cold")
        : answer.provisioned          ? tr("provisioned")
                                      : tr("warm");
    m_instance->setValue(
        ran && answer.instance
            ? tr("i-%1 · %2").arg(answer.instance, 2, 10, QLatin1Char('0')).arg(start)
            : none);
}

} // namespace coldframe::ui
