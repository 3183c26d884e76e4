#include "ui/replay/replay_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

#include "ui/replay/recording_list.h"
#include "ui/replay/replay_form.h"
#include "ui/replay/replay_view.h"
#include "ui/simulate/study_head.h"
#include "ui/support/format.h"

namespace coldframe::ui {

ReplayPage::ReplayPage(QString path, QString resourceFolder, QWidget* parent)
    : StudyPage(parent), m_path(std::move(path)), m_resources(std::move(resourceFolder)),
      m_run(new QPushButton(tr("Replay"), this)), m_cancel(new QPushButton(tr("Cancel"), this)),
      m_again(new QPushButton(tr("Read again"), this)), m_about(new QLabel(this)),
      m_form(new ReplayForm(m_resources, this)), m_view(new ReplayView(this))
{
    m_form->setMinimumWidth(fontMetrics().averageCharWidth() * 28);
    m_view->setMinimumWidth(fontMetrics().averageCharWidth() * 46);
    auto* split = new QSplitter(Qt::Horizontal, this);
    split->setHandleWidth(9);
    split->setChildrenCollapsible(false);
    split->addWidget(m_form);
    split->addWidget(m_view);
    split->setStretchFactor(0, 0);
    split->setStretchFactor(1, 1);
    split->setSizes({330, 970});
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(buildBar());
    column->addWidget(split, 1);
    setFocusProxy(m_form);
    connect(m_form, &ReplayForm::changed, this, &ReplayPage::refresh);
    connect(m_form, &ReplayForm::runWanted, this, &ReplayPage::run);
    connectJob();
    open();
}

QWidget* ReplayPage::buildBar()
{
    auto* bar = new QWidget(this);
    m_run->setObjectName(QStringLiteral("primary"));
    m_run->setToolTip(tr("Play the recording again with these settings (Ctrl+Enter, F5)"));
    m_cancel->setToolTip(tr("Stop; the last result stays (Esc)"));
    m_again->setToolTip(tr("Read the recording again: one that is being written grows"));
    m_about->setProperty("dim", true);
    m_about->setTextFormat(Qt::PlainText);
    m_about->setMinimumWidth(0);
    m_about->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(2, 0, 2, 0);
    row->setSpacing(6);
    row->addWidget(m_run);
    row->addWidget(m_cancel);
    row->addSpacing(10);
    row->addWidget(m_about, 1);
    row->addWidget(m_again);
    connect(m_run, &QPushButton::clicked, this, &ReplayPage::run);
    connect(m_cancel, &QPushButton::clicked, this, &ReplayPage::cancel);
    connect(m_again, &QPushButton::clicked, this, &ReplayPage::open);
    return bar;
}

void ReplayPage::connectJob()
{
    connect(&m_job, &ReplayJob::runningChanged, this, [this](bool running) {
        m_view->head()->setRunning(running);
        refresh();
    });
    connect(&m_job, &ReplayJob::progressed, this, [this](double share) {
        m_view->head()->setProgress(share);
        m_view->head()->setState(
            Tone::Accent,
            m_opening       ? tr("Reading the recording")
                : share < 0 ? tr("Replaying")
                            : tr("Replaying · %1 %").arg(QLocale().toString(share * 100, 'f', 0)));
    });
    connect(&m_job, &ReplayJob::opened, this, &ReplayPage::showOpened);
    connect(&m_job, &ReplayJob::played, this, [this](const PlayedPtr& run) {
        m_view->showPlayed(m_study, run, m_playing.join(QStringLiteral(", ")));
        m_view->head()->setState(Tone::Good, tr("Replayed"));
        refresh();
    });
    connect(&m_job, &ReplayJob::failed, this, &ReplayPage::showFailed);
    connect(&m_job, &ReplayJob::cancelled, this, &ReplayPage::showCancelled);
}

void ReplayPage::open()
{
    m_study = nullptr;
    m_form->setStudy(nullptr);
    m_view->showNothing(tr("The recording is read and checked against the engine. What it holds "
                           "will be seen here, and beside it what another setting would have made "
                           "of the same events."),
                        false);
    m_about->setText(m_path);
    m_opening = true;
    m_job.open(m_path);
}

void ReplayPage::showOpened(const StudyPtr& study)
{
    m_opening = false;
    const bool equal = study->report().equal();
    const QString when = recordingTitle(recordingAt(text(study->folder().string())));
    m_about->setText(equal ? tr("Recording %1 · %2").arg(when, verdictText(*study))
                           : tr("Recording %1").arg(when));
    QStringList warnings{text(study->folder().string())};
    for (const Error& warning : study->warnings())
        warnings << text(describe(warning));
    m_about->setToolTip(warnings.join(QLatin1Char('\n')));
    m_study = study;
    if (isEmpty())
        m_view->showNothing(tr("No event came while this was recorded. Send some, and read the "
                               "recording again."),
                            false);
    else
        m_view->showRecorded(study);
    // What does not come out as it was says nothing of what might have been.
    m_form->setStudy(equal ? study : nullptr);
    m_form->setProblem(equal ? QString() : verdictText(*study));
    if (std::exchange(m_wantsFocus, false))
        m_form->setFocus(Qt::OtherFocusReason);
    if (equal)
        m_view->head()->setState(Tone::Neutral,
                                 isEmpty() ? tr("Nothing came yet") : tr("As recorded"));
    else
        m_view->head()->setState(Tone::Bad, tr("Cannot be replayed"));
    refresh();
}

void ReplayPage::focusForm()
{
    m_wantsFocus = m_study == nullptr;
    if (m_study)
        m_form->setFocus(Qt::OtherFocusReason);
}

void ReplayPage::showFailed(const Error& error)
{
    const QString words = text(describe(error));
    if (std::exchange(m_opening, false)) {
        m_view->showNothing(words, true);
        m_view->head()->setState(Tone::Bad, tr("Cannot be read"));
    } else {
        m_form->setProblem(words);
        m_view->head()->setState(Tone::Bad,
                                 m_view->isPlayed() ? tr("Not replayed · this is the result before")
                                                    : tr("Not replayed"));
    }
    refresh();
}

void ReplayPage::showCancelled()
{
    if (std::exchange(m_opening, false))
        m_view->showNothing(tr("Reading was cancelled. “Read again” begins anew."), false);
    m_view->head()->setState(Tone::Neutral,
                             m_view->isPlayed() ? tr("Cancelled · this is the result before")
                                                : tr("Cancelled"));
    refresh();
}

bool ReplayPage::canRun() const
{
    return m_study && m_study->report().equal() && !isEmpty() && !m_form->hasProblem();
}

bool ReplayPage::isEmpty() const
{
    return m_study->recorded().figures.total.figures.arrived == 0;
}

void ReplayPage::refresh()
{
    m_run->setEnabled(canRun());
    m_cancel->setEnabled(isRunning());
    m_again->setEnabled(!m_opening);
    Q_EMIT stateChanged();
}

void ReplayPage::run()
{
    if (!canRun())
        return;
    m_opening = false;
    const std::vector<std::string> settings = m_form->settings();
    m_playing.clear();
    for (const std::string& setting : settings)
        m_playing << text(setting);
    m_job.play(m_study, settings, m_resources);
}

void ReplayPage::cancel()
{
    m_job.cancel();
}

void ReplayPage::exportResult()
{
    m_view->exportResult();
}

bool ReplayPage::hasResult() const
{
    return m_view->hasResult();
}

QString ReplayPage::about() const
{
    return m_about->text();
}

void ReplayPage::setTheme(const Theme& theme)
{
    m_view->setTheme(theme);
}

} // namespace coldframe::ui
