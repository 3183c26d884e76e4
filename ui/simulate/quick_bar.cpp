#include "ui/simulate/quick_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpressionValidator>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>

#include "ui/simulate/scenario_paths.h"
#include "ui/simulate/sweep_edit.h"
#include "ui/support/format.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

namespace {

constexpr int kMostReplications = 100'000; ///< as the schema has it

} // namespace

QuickBar::QuickBar(QWidget* parent)
    : QWidget(parent), m_run(new QPushButton(tr("Run"), this)),
      m_cancel(new QPushButton(tr("Cancel"), this)), m_seed(new QLineEdit(this)),
      m_replications(new QSpinBox(this)), m_duration(new QLineEdit(this)),
      m_first(new SweepEdit(tr("Sweep"), this)), m_second(new SweepEdit(tr("and"), this)),
      m_problem(new WrappedLabel(this))
{
    m_run->setObjectName(QStringLiteral("primary"));
    m_run->setToolTip(tr("Simulate the scenario (Ctrl+Enter, F5)"));
    m_cancel->setToolTip(tr("Stop the simulation; the last result stays (Esc)"));
    m_cancel->setEnabled(false);
    m_problem->setProperty("problem", true);
    m_problem->hide();
    auto* settings = new QHBoxLayout;
    settings->setSpacing(6);
    settings->addWidget(m_run);
    settings->addWidget(m_cancel);
    settings->addSpacing(10);
    buildSettings(settings);
    settings->addStretch(1);
    auto* sweeps = new QHBoxLayout;
    sweeps->setSpacing(10);
    sweeps->addWidget(m_first, 1);
    sweeps->addWidget(m_second, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2, 0, 2, 0);
    column->setSpacing(6);
    column->addLayout(settings);
    column->addLayout(sweeps);
    column->addWidget(m_problem);
    connect(m_run, &QPushButton::clicked, this, &QuickBar::runWanted);
    connect(m_cancel, &QPushButton::clicked, this, &QuickBar::cancelWanted);
    const auto changed = [this] {
        m_second->setEnabled(!m_first->isEmpty());
        Q_EMIT sweepsChanged();
    };
    connect(m_first, &SweepEdit::changed, this, changed);
    connect(m_second, &SweepEdit::changed, this, changed);
    m_second->setEnabled(false);
}

void QuickBar::buildSettings(QHBoxLayout* row)
{
    const auto add = [&](const QString& word, QWidget* field, const QString& help, int characters) {
        auto* label = new QLabel(word, this);
        label->setBuddy(field);
        field->setToolTip(help);
        field->setAccessibleName(word);
        field->setFixedWidth(fontMetrics().averageCharWidth() * characters + 30);
        row->addWidget(label);
        row->addWidget(field);
        row->addSpacing(8);
    };
    m_seed->setValidator(
        new QRegularExpressionValidator(QRegularExpression(QStringLiteral("\\d{1,15}")), this));
    m_replications->setRange(1, kMostReplications);
    m_replications->setKeyboardTracking(false);
    add(tr("Seed"), m_seed, tr("The same seed gives the same figures"), 8);
    add(tr("Runs"), m_replications, tr("Independent runs; two or more give confidence intervals"),
        8);
    add(tr("Duration"), m_duration, tr("Simulated time: 90 s, 30 min, 24 h, 7 d"), 9);
    connect(m_seed, &QLineEdit::editingFinished, this, &QuickBar::seedEdited);
    connect(m_replications, &QSpinBox::valueChanged, this, [this](int runs) {
        Q_EMIT settingChanged(QStringLiteral("/replications"), QString::number(runs));
    });
    connect(m_duration, &QLineEdit::editingFinished, this, &QuickBar::durationEdited);
}

void QuickBar::setScenario(const std::string& scenario)
{
    const auto settings = quickSettingsOf(scenario);
    for (QWidget* field : {static_cast<QWidget*>(m_seed), static_cast<QWidget*>(m_replications),
                           static_cast<QWidget*>(m_duration)})
        field->setEnabled(settings.has_value());
    if (!settings)
        return;
    const QSignalBlocker quietSeed(m_seed), quietRuns(m_replications), quiet(m_duration);
    m_seed->setText(QString::number(settings->seed.value_or(1)));
    m_seed->setModified(false);
    m_replications->setValue(static_cast<int>(
        std::clamp<std::int64_t>(settings->replications.value_or(1), 1, kMostReplications)));
    m_durationS = settings->durationS.value_or(0);
    m_duration->setText(m_durationS > 0 ? spanText(m_durationS) : QString());
    m_duration->setModified(false);
    const QStringList paths = settablePaths(scenario);
    m_first->setScenario(paths, scenario);
    m_second->setScenario(paths, scenario);
}

void QuickBar::seedEdited()
{
    if (!m_seed->isModified() || m_seed->text().isEmpty())
        return;
    m_seed->setModified(false);
    Q_EMIT settingChanged(QStringLiteral("/seed"), QString::number(m_seed->text().toLongLong()));
}

/// What is no span of time goes back to what the text says.
void QuickBar::durationEdited()
{
    if (!m_duration->isModified())
        return;
    m_duration->setModified(false);
    if (const auto seconds = spanOf(m_duration->text()))
        Q_EMIT settingChanged(QStringLiteral("/durationS"), QString::number(*seconds, 'g', 15));
    else
        m_duration->setText(m_durationS > 0 ? spanText(m_durationS) : QString());
}

void QuickBar::commit()
{
    seedEdited();
    m_replications->interpretText();
    durationEdited();
}

void QuickBar::setRunning(bool running)
{
    m_cancel->setEnabled(running);
}

tl::expected<std::vector<study::Sweep>, Error> QuickBar::sweeps()
{
    std::vector<study::Sweep> all;
    std::optional<Error> wrong;
    for (SweepEdit* edit : {m_first, m_second}) {
        const auto sweep = edit == m_second && m_first->isEmpty()
            ? tl::expected<std::optional<study::Sweep>, Error>()
            : edit->sweep();
        edit->setProblem(!sweep);
        if (!sweep)
            wrong = sweep.error();
        else if (*sweep)
            all.push_back(**sweep);
    }
    setProblem(wrong ? text(describe(*wrong)) : QString());
    if (wrong)
        return tl::unexpected(*wrong);
    return all;
}

void QuickBar::setSweep(int which, const QString& path, const QString& values)
{
    (which == 0 ? m_first : m_second)->setSweep(path, values);
}

void QuickBar::setProblem(const QString& problem)
{
    m_problem->setVisible(!problem.isEmpty());
    m_problem->setText(problem);
}

QString QuickBar::problem() const
{
    return m_problem->text();
}

} // namespace coldframe::ui
