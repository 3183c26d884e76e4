#include "ui/dialogs/trigger_page.h"

#include <QHBoxLayout>
#include <QPushButton>

#include <algorithm>

#include "ui/dialogs/capture_box.h"
#include "ui/explorer/explorer_rows.h"
#include "ui/support/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/stat_box.h"
#include "ui/widgets/status_dot.h"
#include "ui/widgets/wrap_row.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

TriggerPage::TriggerPage(QWidget* parent) : Card(parent)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 12);
    column->setSpacing(10);
    buildHead(column);
    auto* stats = new QHBoxLayout;
    stats->setSpacing(6);
    for (auto [box, caption] :
         {std::pair{&m_rate, tr("Rate · last 10 s")}, std::pair{&m_events, tr("Events so far")},
          std::pair{&m_waiting, tr("Waiting")},
          std::pair{&m_filteredOut, tr("Left out by the filter")}}) {
        *box = new StatBox(caption, this);
        stats->addWidget(*box, 1);
    }
    column->addLayout(stats);
    m_url = new ElidedLabel(QString(), this);
    m_url->setObjectName(QStringLiteral("url"));
    m_url->setFont(codeFont());
    m_url->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(m_url);
    m_message = new WrappedLabel(this);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_message);
    m_capture = new CaptureBox(this);
    column->addWidget(m_capture);
    buildButtons(column);
    buildFires(column);
    column->addStretch(1);
}

void TriggerPage::buildHead(QVBoxLayout* column)
{
    auto* head = new QHBoxLayout;
    m_title = new QLabel(this);
    m_title->setFont(uiFont(12.0, QFont::DemiBold));
    m_state = new StatusDot(this, true);
    head->addWidget(m_title);
    head->addStretch(1);
    head->addWidget(m_state);
    column->addLayout(head);
    m_subject = new ElidedLabel(QString(), this, Qt::ElideMiddle);
    m_subject->setProperty("dim", true);
    column->addWidget(m_subject);
}

void TriggerPage::buildFires(QVBoxLayout* column)
{
    m_firesBox = new Card(this, QStringLiteral("stat"));
    auto* box = new QVBoxLayout(m_firesBox);
    m_firesHeading = new QLabel(m_firesBox);
    m_firesHeading->setFont(uiFont(9.5, QFont::DemiBold));
    box->addWidget(m_firesHeading);
    auto* row = new QHBoxLayout;
    m_fires = new QLabel(m_firesBox);
    m_firesIn = dimLabel(QString(), m_firesBox);
    for (QLabel* label : {m_fires, m_firesIn})
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(m_fires);
    row->addSpacing(24);
    row->addWidget(m_firesIn);
    row->addStretch(1);
    box->addLayout(row);
    column->addWidget(m_firesBox);
}

void TriggerPage::buildButtons(QVBoxLayout* column)
{
    auto* row = new WrapRow(this);
    const auto button = [this, row](const QString& text, auto command) {
        auto* made = new QPushButton(text, row);
        connect(made, &QPushButton::clicked, this, [this, command] {
            if (m_port)
                command();
        });
        row->add(made);
        return made;
    };
    m_fire = button(tr("Fire now"), [this] { m_port->fireNow(m_name); });
    m_resume = button(tr("Resume"), [this] { m_port->resumeTrigger(m_name); });
    m_backfill = button(QString(), [this] { m_port->backfill(m_name); });
    m_enable = button(QString(), [this] { m_port->setTriggerEnabled(m_name, !m_enabled); });
    m_edit = button(tr("Edit…"), [this] { Q_EMIT editWanted(); });
    m_edit->setToolTip(tr("Its settings; a change holds while it runs (Alt+Enter)"));
    m_function = button(QString(),
                        [this] { Q_EMIT functionChosen(m_function->property("name").toString()); });
    column->addWidget(row);
}

void TriggerPage::setPort(SessionPort* port)
{
    m_port = port;
    m_capture->setPort(port);
    if (port)
        connect(port, &SessionPort::snapshotChanged, this, &TriggerPage::show);
}

void TriggerPage::setTheme(const Theme& theme)
{
    m_state->setTheme(theme);
    m_capture->setTheme(theme);
}

void TriggerPage::setTrigger(const QString& name)
{
    m_name = name.toStdString();
    if (m_port)
        show(m_port->snapshot());
}

void TriggerPage::show(const SnapshotPtr& snapshot)
{
    if (m_name.empty() || !snapshot->workspace)
        return;
    const auto& triggers = snapshot->workspace->triggers;
    const auto found = std::ranges::find(triggers, m_name, &Trigger::name);
    const auto at = static_cast<std::size_t>(found - triggers.begin());
    if (found != triggers.end() && at < snapshot->triggers.size())
        fill(*found, snapshot->triggers[at], *snapshot);
}

void TriggerPage::fill(const Trigger& trigger, const session::TriggerView& view,
                       const session::Snapshot& snapshot)
{
    m_title->setText(text(trigger.name));
    QString subject = triggerSubject(trigger);
    if (const auto* schedule = std::get_if<ScheduleTrigger>(&trigger.kind))
        subject = tr("%1, %2 time").arg(subject, text(schedule->timezone));
    m_subject->setText(tr("%1 → %2").arg(subject, text(trigger.function)));
    m_enabled = view.enabled;
    if (view.paused)
        m_state->setState(Tone::Warning, tr("Paused"));
    else if (m_enabled && !view.message.empty()) // as in the explorer
        m_state->setState(Tone::Bad, tr("Problem"));
    else if (view.running)
        m_state->setState(Tone::Good, tr("Listening"));
    else
        m_state->setState(Tone::Neutral, m_enabled ? tr("Stopped") : tr("Disabled"));
    m_rate->setValue(rateText(view.perSecond));
    m_events->setValue(countText(view.events));
    m_waiting->setValue(countText(view.waiting));
    m_filteredOut->setValue(countText(view.filteredOut));
    m_filteredOut->setVisible(!trigger.filter.empty() || view.filteredOut > 0);
    m_url->setText(text(view.url));
    m_url->setVisible(!view.url.empty());
    m_message->setText(text(view.message));
    m_message->setVisible(!view.message.empty());
    m_capture->show(trigger, *snapshot.workspace, view.message);

    QStringList fires, in;
    for (const TimePoint at : view.nextFires) {
        fires << dayText(at);
        in << untilText(at - snapshot.now);
    }
    m_fires->setText(fires.join(QLatin1Char('\n')));
    m_firesIn->setText(in.join(QLatin1Char('\n')));
    m_firesHeading->setText(view.running ? tr("Fires next · local time")
                                : m_enabled
                                ? tr("Would fire, started now · local time")
                                : tr("Would fire, enabled and started now · local time"));
    m_firesBox->setVisible(!fires.isEmpty());
    fillButtons(trigger, view, snapshot);
}

void TriggerPage::fillButtons(const Trigger& trigger, const session::TriggerView& view,
                              const session::Snapshot& snapshot)
{
    m_fire->setVisible(std::holds_alternative<ScheduleTrigger>(trigger.kind)
                       || std::holds_alternative<ManualTrigger>(trigger.kind));
    m_fire->setEnabled(snapshot.trusted);
    m_resume->setVisible(view.paused);
    m_backfill->setVisible(view.alreadyThere > 0);
    m_backfill->setEnabled(snapshot.trusted);
    m_backfill->setText(
        view.alreadyThere == 1
            ? tr("Process the file already here")
            : tr("Process the %1 files already here").arg(countText(view.alreadyThere)));
    m_enable->setText(m_enabled ? tr("Disable") : tr("Enable"));
    m_function->setText(tr("Open %1").arg(text(trigger.function)));
    m_function->setProperty("name", text(trigger.function));
}

} // namespace coldframe::ui
