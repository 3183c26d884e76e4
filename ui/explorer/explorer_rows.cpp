#include "ui/explorer/explorer_rows.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>

#include "ui/queues/message_text.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

QString tr(const char* source, int n = -1)
{
    return QCoreApplication::translate("Explorer", source, nullptr, n);
}

/// `held`: by a debugger, or for one.
ExplorerRow functionRow(const Function& function, const session::FunctionView& view, bool held)
{
    ExplorerRow row{.key = text(function.name),
                    .text = text(function.name),
                    .icon = QStringLiteral("function")};
    const engine::PoolCounts& pool = view.pool;
    if (held) {
        row.badge = tr("held");
        row.badgeTone = row.iconTone = Tone::Warning;
    } else if (view.debugNext) {
        row.badge = tr("debug next");
        row.badgeTone = Tone::Accent;
    } else if (view.recentThrottles > 0 || view.state == "throttled") {
        row.badge = tr("throttled");
        row.badgeTone = row.iconTone = Tone::Bad;
    } else if (view.state == "failing") {
        row.badge = tr("failing");
        row.badgeTone = row.iconTone = Tone::Bad;
    } else if (pool.busy + pool.initialising > 0) {
        row.badge
            = tr("%1 / %2").arg(countText(pool.busy + pool.initialising), countText(pool.limit));
        row.badgeTone = row.iconTone = Tone::Accent;
    } else {
        row.badge = pool.idle > 0 ? tr("%1 idle").arg(countText(pool.idle)) : tr("idle");
    }
    row.toolTip = tr("%1: %2 busy, %3 initialising, %4 idle, limit %5")
                      .arg(row.text, countText(pool.busy), countText(pool.initialising),
                           countText(pool.idle), countText(pool.limit));
    if (function.inheritAws) { // said whatever state it is in
        const QString profile = text(*function.inheritAws);
        row.account = tr("AWS: %1").arg(profile);
        row.toolTip += QLatin1Char('\n')
            + tr("It runs with the AWS profile “%1” and can change what is really there.")
                  .arg(profile);
    }
    return row;
}

ExplorerRow triggerRow(const Trigger& trigger, const session::TriggerView& view, TimePoint now)
{
    ExplorerRow row{
        .key = text(trigger.name), .text = text(trigger.name), .icon = triggerIcon(trigger)};
    row.toolTip = tr("%1 → %2").arg(triggerSubject(trigger), text(trigger.function));
    if (view.filteredOut > 0)
        row.toolTip += QLatin1Char('\n')
            + tr("%1 events left out by its filter").arg(countText(view.filteredOut));
    if (!view.message.empty())
        row.toolTip += QLatin1Char('\n') + text(view.message);
    if (view.paused) {
        row.badge = tr("paused");
        row.badgeTone = row.iconTone = Tone::Warning;
    } else if (!view.enabled) {
        row.badge = tr("off");
    } else if (!view.message.empty()) {
        row.badge = tr("problem");
        row.badgeTone = row.iconTone = Tone::Bad;
    } else if (view.waiting > 0) {
        row.badge = tr("%1 waiting").arg(countText(view.waiting));
        row.badgeTone = row.iconTone = Tone::Warning;
    } else if (view.perSecond > 0.0) {
        row.badge = rateText(view.perSecond);
        row.badgeTone = row.iconTone = Tone::Good;
    } else if (view.running && !view.nextFires.empty()) {
        row.badge = untilText(view.nextFires.front() - now);
    } else {
        row.badge = view.running ? tr("listening") : tr("stopped");
        if (view.running)
            row.iconTone = Tone::Good;
    }
    return row;
}

/// How many messages lie in it; of dead letters, a warning.
void fillQueueRow(ExplorerRow& row, const Workspace& workspace, const Store& store,
                  const session::QueueView& view)
{
    const std::uint32_t depth = view.now.depth();
    row.badge = messagesText(depth);
    row.toolTip
        = depthText(view.now) + QLatin1Char('\n') + rulesText(std::get<QueueStore>(store.kind));
    const QString dead = deadLettersText(workspace, store.name);
    if (dead.isEmpty())
        return;
    row.toolTip += QLatin1Char('\n') + dead;
    if (depth > 0)
        row.badgeTone = row.iconTone = Tone::Warning;
}

ExplorerRow storeRow(const Workspace& workspace, const Store& store, const session::StoreView& view)
{
    ExplorerRow row{.key = text(store.name), .text = text(store.name), .icon = storeIcon(store)};
    if (view.message.empty()) {
        if (std::holds_alternative<FolderStore>(store.kind))
            row.badge
                = view.objects == 1 ? tr("1 file") : tr("%1 files").arg(countText(view.objects));
        if (view.queue && std::holds_alternative<QueueStore>(store.kind))
            fillQueueRow(row, workspace, store, *view.queue);
    } else {
        row.badge = tr("problem");
        row.badgeTone = row.iconTone = Tone::Bad;
        row.toolTip = text(view.message);
    }
    const auto* server = std::get_if<PostgresStore>(&store.kind);
    if (row.toolTip.isEmpty()) // a connection as the file has it, without secrets
        row.toolTip = text(server ? server->connection : pathOf(store).string());
    return row;
}

/// With how its test went last; of one that has not run there is nothing to say.
ExplorerRow eventRow(const QString& path, TestState state)
{
    ExplorerRow row{.key = path,
                    .text = QFileInfo(path).fileName(),
                    .icon = QStringLiteral("event"),
                    .toolTip = path};
    if (state == TestState::NotRun || state == TestState::NothingExpected)
        return row;
    row.badge = stateText(state);
    row.badgeTone = stateTone(state);
    return row;
}

bool holds(const session::Snapshot& snapshot, FunctionId function)
{
    return std::ranges::any_of(snapshot.debugged, [&](const session::DebugView& view) {
        return view.function == function;
    });
}

} // namespace

QString triggerIcon(const Trigger& trigger)
{
    if (std::holds_alternative<ScheduleTrigger>(trigger.kind))
        return QStringLiteral("clock");
    if (std::holds_alternative<HttpTrigger>(trigger.kind))
        return QStringLiteral("globe");
    if (std::holds_alternative<QueueTrigger>(trigger.kind))
        return QStringLiteral("queue");
    if (std::holds_alternative<ChangesTrigger>(trigger.kind))
        return QStringLiteral("layers");
    if (std::holds_alternative<StreamTrigger>(trigger.kind))
        return QStringLiteral("document");
    const bool byHand = std::holds_alternative<ManualTrigger>(trigger.kind);
    return byHand ? QStringLiteral("hand") : QStringLiteral("bucket");
}

QString storeIcon(const Store& store)
{
    if (std::holds_alternative<QueueStore>(store.kind))
        return QStringLiteral("queue");
    return std::holds_alternative<FolderStore>(store.kind) ? QStringLiteral("bucket")
                                                           : QStringLiteral("layers");
}

QString triggerSubject(const Trigger& trigger)
{
    if (const auto* file = std::get_if<FileTrigger>(&trigger.kind))
        return text(file->store) + QLatin1Char('/') + text(file->prefix) + QLatin1Char('*')
            + text(file->suffix);
    if (const auto* schedule = std::get_if<ScheduleTrigger>(&trigger.kind))
        return text(schedule->expression);
    if (const auto* http = std::get_if<HttpTrigger>(&trigger.kind))
        return http->route.isDefault() ? tr("all requests") : text(http->route.key);
    if (const auto* stream = std::get_if<StreamTrigger>(&trigger.kind))
        return text(stream->path.filename().string());
    if (const auto* changes = std::get_if<ChangesTrigger>(&trigger.kind))
        return tr("rows of %1 in %2").arg(text(changes->table), text(changes->store));
    if (const auto* queue = std::get_if<QueueTrigger>(&trigger.kind))
        return tr("messages of %1").arg(text(queue->store));
    return tr("by hand");
}

ExplorerRows explorerRows(const session::Snapshot& snapshot, const WorkspaceFolder& folder,
                          const TestMarks& tests)
{
    ExplorerRows rows;
    const auto of = [&rows](Section section) -> QList<ExplorerRow>& {
        return rows[static_cast<std::size_t>(section)];
    };
    if (const Workspace* workspace = snapshot.workspace.get()) {
        // A list that has not caught up with a reloaded file yet is shown as far as it goes.
        for (FunctionId i = 0; i < workspace->functions.size() && i < snapshot.functions.size();
             ++i)
            if (!workspace->functions[i].removed)
                of(Section::Functions)
                    .append(functionRow(workspace->functions[i], snapshot.functions[i],
                                        holds(snapshot, i)));
        for (std::size_t i = 0; i < workspace->triggers.size() && i < snapshot.triggers.size(); ++i)
            of(Section::Triggers)
                .append(triggerRow(workspace->triggers[i], snapshot.triggers[i], snapshot.now));
        for (std::size_t i = 0; i < workspace->stores.size() && i < snapshot.stores.size(); ++i)
            of(Section::Stores)
                .append(storeRow(*workspace, workspace->stores[i], snapshot.stores[i]));
    }
    for (const QString& path : folder.events())
        of(Section::TestEvents).append(eventRow(path, tests.value(path, TestState::NotRun)));
    for (const ScenarioEntry& scenario : folder.scenarios())
        of(Section::Scenarios)
            .append({.key = scenario.path,
                     .text = scenario.title,
                     .icon = QStringLiteral("rate"),
                     .toolTip = scenario.path});
    const QString current = text(snapshot.recordingFolder);
    for (const RecordingEntry& recording : folder.recordings()) {
        ExplorerRow row{.key = recording.path,
                        .text = recordingTitle(recording),
                        .icon = QStringLiteral("chart"),
                        .badge = bytesText(static_cast<std::uint64_t>(recording.bytes)),
                        .toolTip = tr("%1\nReplay it with something changed").arg(recording.path)};
        if (recording.path == current && snapshot.recording)
            row.iconTone = row.badgeTone = Tone::Accent; // being written
        of(Section::Recordings).append(row);
    }
    return rows;
}

} // namespace coldframe::ui
