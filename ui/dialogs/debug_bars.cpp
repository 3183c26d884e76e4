#include "ui/dialogs/debug_bars.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

#include "ui/support/format.h"
#include "ui/widgets/message_bar.h"

namespace coldframe::ui {

using Phase = session::DebugView::Phase;

DebugBars::DebugBars(QWidget* parent)
    : QWidget(parent), m_theme(&Theme::lightTheme()), m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(6);
    hide();
}

void DebugBars::setPort(SessionPort* port)
{
    m_port = port;
    for (auto& [invocation, bar] : m_bars)
        bar.bar->deleteLater();
    m_bars.clear();
    hide();
    if (port) {
        connect(port, &SessionPort::snapshotChanged, this, &DebugBars::show);
        show(port->snapshot());
    }
}

void DebugBars::setTheme(const Theme& theme)
{
    m_theme = &theme;
    for (auto& [invocation, bar] : m_bars)
        bar.bar->setTheme(theme);
}

DebugBars::Bar& DebugBars::barOf(std::uint32_t invocation)
{
    Bar& bar = m_bars[invocation];
    if (bar.bar)
        return bar;
    bar.bar = new MessageBar(Tone::Accent, QStringLiteral("bug"), this);
    bar.bar->setTheme(*m_theme);
    bar.copy = bar.bar->addButton(tr("Copy launch configuration"), true);
    bar.copy->setToolTip(tr("An entry for the configurations in .vscode/launch.json"));
    bar.release = bar.bar->addButton(tr("Run without debugger"));
    connect(bar.copy, &QPushButton::clicked, this, [this, invocation] {
        Bar& copied = m_bars[invocation];
        QGuiApplication::clipboard()->setText(copied.configuration);
        copied.copy->setText(tr("Copied"));
    });
    connect(bar.release, &QPushButton::clicked, this,
            [this, invocation] { m_port->releaseDebugger(invocation); });
    connect(bar.bar->addButton(tr("Cancel attempt")), &QPushButton::clicked, this,
            [this, invocation] { m_port->cancel(invocation); });
    m_column->addWidget(bar.bar);
    return bar;
}

void DebugBars::say(Bar& bar, const session::DebugView& view, const QString& function)
{
    bar.configuration = text(view.launchConfiguration);
    bar.copy->setVisible(view.phase == Phase::Waiting);
    bar.release->setVisible(view.phase == Phase::Waiting || view.phase == Phase::Failed);
    bar.bar->setTone(view.phase == Phase::Failed ? Tone::Bad : Tone::Accent, QStringLiteral("bug"));
    const QString address = text(view.address);
    switch (view.phase) {
    case Phase::Starting:
        bar.bar->setText(
            tr("%1: an event is handed over, to be held for a debugger").arg(function));
        break;
    case Phase::Waiting:
        bar.bar->setText(tr("%1 holds an event: attach a debugger to %2.").arg(function, address));
        bar.bar->setToolTip(text(view.advice));
        break;
    case Phase::Attached:
        bar.bar->setText(tr("%1: a debugger is attached at %2. Its timeout stands still.")
                             .arg(function, address));
        break;
    case Phase::Failed:
        bar.bar->setText(
            tr("%1 holds an event, but cannot be debugged: %2").arg(function, text(view.message)));
        break;
    case Phase::Released:
        bar.bar->setText(tr("%1 goes on without a debugger, against its timeout").arg(function));
        break;
    }
}

void DebugBars::show(const SnapshotPtr& snapshot)
{
    std::erase_if(m_bars, [&](const auto& entry) {
        const bool over
            = std::ranges::none_of(snapshot->debugged, [&](const session::DebugView& view) {
                  return view.invocation == entry.first;
              });
        if (over)
            entry.second.bar->deleteLater();
        return over;
    });
    const Workspace* workspace = snapshot->workspace.get();
    for (const session::DebugView& view : snapshot->debugged)
        if (workspace && view.function < workspace->functions.size())
            say(barOf(view.invocation), view, text(workspace->functions[view.function].name));
    setVisible(!m_bars.empty());
}

} // namespace coldframe::ui
