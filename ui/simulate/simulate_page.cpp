#include "ui/simulate/simulate_page.h"

#include <QFileInfo>
#include <QLocale>
#include <QSplitter>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

#include "ui/editor/json_format.h"
#include "ui/simulate/quick_bar.h"
#include "ui/simulate/result_view.h"
#include "ui/simulate/scenario_editor.h"
#include "ui/support/format.h"
#include "ui/widgets/json_view.h"

namespace coldframe::ui {

namespace {

constexpr int kCheckAfterMs = 150;

QString planText(const study::Plan& plan)
{
    const auto invocations = static_cast<std::uint64_t>(std::min(plan.invocations, 1e18));
    const QString amount = SimulatePage::tr("about %1 invocations").arg(countText(invocations));
    return plan.points == 1 ? amount
                            : SimulatePage::tr("%1 points, %2").arg(countText(plan.points), amount);
}

} // namespace

SimulatePage::SimulatePage(const QString& path, QString resourceFolder, QWidget* parent)
    : StudyPage(parent), m_resources(std::move(resourceFolder)),
      m_editor(new ScenarioEditor(path, m_resources, this)), m_bar(new QuickBar(this)),
      m_result(new ResultView(this)), m_checkLater(new QTimer(this))
{
    m_editor->setMinimumWidth(fontMetrics().averageCharWidth() * 24);
    m_result->setMinimumWidth(fontMetrics().averageCharWidth() * 46);
    auto* split = new QSplitter(Qt::Horizontal, this);
    split->setHandleWidth(9);
    split->setChildrenCollapsible(false);
    split->addWidget(m_editor);
    split->addWidget(m_result);
    split->setStretchFactor(0, 2);
    split->setStretchFactor(1, 5);
    split->setSizes({420, 880});
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_bar);
    column->addWidget(split, 1);
    setFocusProxy(m_editor);
    m_editor->view()->focusProxy()->installEventFilter(this);
    m_checkLater->setSingleShot(true);
    m_checkLater->setInterval(kCheckAfterMs);
    connect(m_checkLater, &QTimer::timeout, this, &SimulatePage::check);
    connect(m_editor, &ScenarioEditor::textChanged, this, &SimulatePage::checkSoon);
    connect(m_editor, &ScenarioEditor::modifiedChanged, this, &SimulatePage::modifiedChanged);
    connect(m_bar, &QuickBar::sweepsChanged, this, &SimulatePage::checkSoon);
    connect(m_bar, &QuickBar::runWanted, this, &SimulatePage::run);
    connect(m_bar, &QuickBar::cancelWanted, this, &SimulatePage::cancel);
    connect(m_bar, &QuickBar::settingChanged, this,
            [this](const QString& pointer, const QString& json) {
                m_bar->setProblem(m_editor->set(pointer, json));
            });
    connect(&m_check, &ScenarioCheck::checked, this, &SimulatePage::showChecked);
    connect(m_result, &ResultView::keptChanged, this, &SimulatePage::stateChanged);
    connectJob();
    check();
}

SimulatePage::~SimulatePage()
{
    storeDraft();
}

void SimulatePage::connectJob()
{
    connect(&m_job, &SimulationJob::runningChanged, this, [this](bool running) {
        m_bar->setRunning(running);
        m_result->setRunning(running);
        Q_EMIT stateChanged();
    });
    connect(&m_job, &SimulationJob::progressed, m_result, &ResultView::setProgress);
    connect(&m_job, &SimulationJob::succeeded, this, [this](const ResultPtr& result) {
        m_result->setResult(result);
        m_result->setState(
            Tone::Good,
            tr("Done in %1").arg(tr("%1 s").arg(QLocale().toString(result->tookS, 'f', 2))));
        Q_EMIT stateChanged();
    });
    connect(&m_job, &SimulationJob::cancelled, this, [this] {
        m_result->setState(Tone::Neutral,
                           m_result->hasResult() ? tr("Cancelled · this is the result before")
                                                 : tr("Cancelled"));
    });
    connect(&m_job, &SimulationJob::failed, this, [this](const std::vector<Error>& errors) {
        m_result->setState(Tone::Bad,
                           m_result->hasResult() ? tr("Not run · this is the result before")
                                                 : tr("Not run"));
        m_editor->setErrors(errors);
        m_editor->showFirstError();
    });
}

study::ScenarioFile SimulatePage::file() const
{
    const QFileInfo info(m_editor->path());
    return {m_editor->text().toStdString(), info.fileName().toStdString(),
            info.absolutePath().toStdString(), m_resources.toStdString()};
}

void SimulatePage::checkSoon()
{
    m_checkLater->start();
}

void SimulatePage::check()
{
    m_checkLater->stop();
    m_bar->setScenario(m_editor->text().toStdString());
    if (auto sweeps = m_bar->sweeps())
        m_check.start(file(), std::move(*sweeps));
}

void SimulatePage::showChecked(const Checked& found)
{
    m_editor->setErrors(found.errors);
    m_bar->setProblem(found.sweepErrors.empty() ? QString()
                                                : text(describe(found.sweepErrors.front())));
    m_editor->setNote(found.plan ? planText(*found.plan) : QString());
}

void SimulatePage::run()
{
    m_bar->commit();
    check();
    auto sweeps = m_bar->sweeps();
    if (!sweeps)
        return;
    m_job.start(file(), std::move(*sweeps));
}

void SimulatePage::cancel()
{
    m_job.cancel();
}

void SimulatePage::save()
{
    m_editor->save();
}

void SimulatePage::format()
{
    if (const auto parsed = parseJson(m_editor->text().toStdString(), ""))
        m_editor->setText(QString::fromStdString(formatJson(*parsed)));
}

void SimulatePage::keep()
{
    m_result->keep(!m_result->isKept());
}

void SimulatePage::exportResult()
{
    m_result->exportResult();
}

void SimulatePage::storeDraft()
{
    m_editor->storeDraft();
}

bool SimulatePage::hasResult() const
{
    return m_result->hasResult();
}

bool SimulatePage::needsEscape() const
{
    return m_editor->isCompleting();
}

/// The editor keeps all keys to itself.
bool SimulatePage::eventFilter(QObject* watched, QEvent* event)
{
    return takeKey(event) || StudyPage::eventFilter(watched, event);
}

void SimulatePage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_editor->readAgain();
}

void SimulatePage::setTheme(const Theme& theme)
{
    m_editor->setTheme(theme);
    m_result->setTheme(theme);
}

} // namespace coldframe::ui
