#include "ui/dialogs/capture_box.h"

#include <QHBoxLayout>
#include <QPushButton>

#include "ui/dialogs/capture_dialog.h"
#include "ui/support/format.h"
#include "ui/widgets/status_dot.h"

namespace coldframe::ui {

using State = session::CaptureView::State;
using What = session::CaptureRequest::What;

namespace {

std::pair<Tone, QString> stateOf(State state)
{
    switch (state) {
    case State::Absent:
        return {Tone::Warning, CaptureBox::tr("Not captured yet")};
    case State::Ready:
        return {Tone::Good, CaptureBox::tr("Captured")};
    case State::Outdated:
        return {Tone::Warning, CaptureBox::tr("Outdated")};
    case State::Renamed:
        return {Tone::Warning, CaptureBox::tr("Renamed")};
    case State::Broken:
        return {Tone::Bad, CaptureBox::tr("Broken")};
    case State::Foreign:
        break;
    }
    return {Tone::Warning, CaptureBox::tr("Captured for another reader")};
}

} // namespace

CaptureBox::CaptureBox(QWidget* parent) : Card(parent, QStringLiteral("stat"))
{
    auto* column = new QVBoxLayout(this);
    auto* head = new QHBoxLayout;
    m_title = new QLabel(this);
    m_title->setFont(uiFont(9.5, QFont::DemiBold));
    m_state = new StatusDot(this, true);
    head->addWidget(m_title);
    head->addStretch(1);
    head->addWidget(m_state);
    column->addLayout(head);
    m_reasons = dimLabel(QString(), this);
    m_reasons->setObjectName(QStringLiteral("reasons"));
    m_reasons->setWordWrap(true);
    column->addWidget(m_reasons);
    auto* row = new QHBoxLayout;
    m_install = new QPushButton(this);
    m_remove = new QPushButton(tr("Remove…"), this);
    connect(m_install, &QPushButton::clicked, this, [this] { ask(What::Install); });
    connect(m_remove, &QPushButton::clicked, this, [this] { ask(What::Remove); });
    row->addWidget(m_install);
    row->addWidget(m_remove);
    row->addStretch(1);
    column->addLayout(row);
}

void CaptureBox::setTheme(const Theme& theme)
{
    m_state->setTheme(theme);
}

void CaptureBox::show(const Trigger& trigger, const Workspace& workspace,
                      const std::string& message)
{
    const auto* changes = std::get_if<ChangesTrigger>(&trigger.kind);
    setVisible(changes);
    if (!changes || (m_trigger == trigger.name && m_message == message))
        return;
    const bool other = m_trigger != trigger.name;
    m_trigger = trigger.name;
    m_message = message;
    m_place = text(session::placeOf(workspace, *changes));
    m_title->setText(tr("Changes of %1").arg(m_place));
    if (other) {
        m_state->setState(Tone::Neutral, tr("Looking…"));
        m_reasons->clear();
        for (QWidget* widget : {static_cast<QWidget*>(m_reasons), static_cast<QWidget*>(m_install),
                                static_cast<QWidget*>(m_remove)})
            widget->hide();
    }
    look();
}

void CaptureBox::look()
{
    if (m_port)
        m_port->capture({.trigger = m_trigger, .agreed = {}}, this,
                        [this, trigger = m_trigger](const Result<session::CaptureView>& view) {
                            if (trigger == m_trigger)
                                fill(view);
                        });
}

void CaptureBox::fill(const Result<session::CaptureView>& view)
{
    QStringList lines;
    if (!view || (view->state == State::Absent && view->refused)) {
        const Error& error = view ? *view->refused : view.error();
        m_view.reset();
        m_state->setState(Tone::Bad, tr("Not known"));
        lines << text(error.message);
        if (!error.hint.empty())
            lines << text(error.hint);
    } else {
        m_view = *view;
        const auto [tone, word] = stateOf(view->state);
        m_state->setState(tone, word);
        for (const std::string& reason : view->reasons)
            lines << text(reason);
        if (view->refused && view->state != State::Renamed) // which says itself what to do
            lines << text(view->refused->hint);
        if (view->state == State::Absent)
            lines << tr("Nothing is installed in the database before you have seen the SQL and "
                        "agreed to it.");
    }
    m_reasons->setText(lines.join(QLatin1Char('\n')));
    m_reasons->setVisible(!lines.isEmpty());
    m_install->setText(!m_view || m_view->state == State::Absent ? tr("Install…")
                           : m_view->state == State::Foreign || m_view->state == State::Renamed
                           ? tr("Take over…")
                           : tr("Repair…"));
    m_install->setVisible(m_view && !m_view->install.statements.empty());
    m_remove->setVisible(m_view && !m_view->removal.statements.empty());
}

void CaptureBox::ask(What what)
{
    if (!m_port || !m_view)
        return;
    session::CaptureRequest request{.trigger = m_trigger,
                                    .what = what,
                                    .agreed
                                    = what == What::Install ? m_view->install : m_view->removal};
    if (CaptureDialog(request, m_place, window()).exec() != QDialog::Accepted)
        return;
    m_port->capture(std::move(request), this,
                    [this, trigger = m_trigger](const Result<session::CaptureView>& view) {
                        if (trigger == m_trigger)
                            fill(view);
                    });
}

} // namespace coldframe::ui
