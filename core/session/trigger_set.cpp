#include "session/trigger_set.h"

#include <algorithm>

#include <fmt/format.h>

#include "session/changes_runner.h"
#include "session/file_runner.h"
#include "session/http_gateway.h"
#include "session/http_runner.h"
#include "session/queue_runner.h"
#include "session/run.h"
#include "session/schedule_runner.h"
#include "session/stream_runner.h"

namespace coldframe::session {

namespace {

/// What makes a trigger the same one after the workspace file was edited.
std::string fingerprint(const Trigger& trigger, const std::string& storeFolder)
{
    std::string text;
    const auto add = [&](const auto& part) {
        text += fmt::format("{}", part);
        text += '\0';
    };
    const auto addRules = [&](const ShardRules& rules) {
        for (const int part :
             {rules.batchSize, rules.batchWindowS, rules.maximumRetryAttempts,
              rules.maximumRecordAgeS, rules.parallelizationFactor, rules.tumblingWindowS})
            add(part);
        add(rules.bisectBatchOnFunctionError);
        add(rules.reportBatchItemFailures);
    };
    add(trigger.name);
    add(trigger.function);
    add(storeFolder);
    add(trigger.filter);
    if (const auto* file = std::get_if<FileTrigger>(&trigger.kind)) {
        for (const std::string& part : {file->store, file->prefix, file->suffix, file->glob})
            add(part);
        for (const bool part :
             {file->onCreated, file->onModified, file->onRemoved, file->recursive, file->catchUp})
            add(part);
        add(static_cast<int>(file->shape));
        add(file->settleMs);
    } else if (const auto* schedule = std::get_if<ScheduleTrigger>(&trigger.kind)) {
        for (const std::string& part : {schedule->expression, schedule->timezone, schedule->event,
                                        schedule->startsAt, schedule->endsAt})
            add(part);
        add(schedule->fireMissedOnce);
        add(schedule->flexibleWindowMinutes);
    } else if (const auto* stream = std::get_if<StreamTrigger>(&trigger.kind)) {
        for (const std::string& part : {stream->path.string(), stream->partitionKey})
            add(part);
        for (const int part : {static_cast<int>(stream->format), static_cast<int>(stream->shape),
                               static_cast<int>(stream->start)})
            add(part);
        addRules(stream->shard);
    } else if (const auto* queue = std::get_if<QueueTrigger>(&trigger.kind)) {
        add(queue->store); // its other settings are the engine's
    } else if (const auto* changes = std::get_if<ChangesTrigger>(&trigger.kind)) {
        for (const std::string& part : {changes->store, changes->table})
            add(part);
        for (const bool part : {changes->onInsert, changes->onModify, changes->onRemove})
            add(part);
        add(static_cast<int>(changes->shape));
        add(static_cast<int>(changes->start));
        addRules(changes->shard);
    } else if (const auto* http = std::get_if<HttpTrigger>(&trigger.kind)) {
        add(http->route.key);
        for (const int part : {http->port, static_cast<int>(http->payload), http->timeoutMs})
            add(part);
    } else {
        add(std::get<ManualTrigger>(trigger.kind).event);
    }
    return text;
}

/// Folder, file or server of the trigger's store, if it has one.
std::string folderOf(const Trigger& trigger, const Workspace& workspace)
{
    const auto* file = std::get_if<FileTrigger>(&trigger.kind);
    const auto* changes = std::get_if<ChangesTrigger>(&trigger.kind);
    const Store* store = file ? workspace.findStore(file->store)
        : changes             ? workspace.findStore(changes->store)
                              : nullptr;
    if (const auto* server = store ? std::get_if<PostgresStore>(&store->kind) : nullptr)
        return server->connection;
    return store ? pathOf(*store).string() : std::string();
}

} // namespace

TriggerSet::TriggerSet(Run& run)
    : m_run(run), m_gateway(std::make_unique<HttpGateway>(run)),
      m_changes(std::make_unique<ChangesHub>(run))
{ }

/// Triggers that go with the run still want their changes: nothing may be forgotten any more.
TriggerSet::~TriggerSet()
{
    m_changes->end();
}

std::unique_ptr<TriggerRunner> TriggerSet::makeRunner(const Trigger& trigger,
                                                      const Workspace& workspace)
{
    if (const auto* file = std::get_if<FileTrigger>(&trigger.kind))
        return std::make_unique<FileRunner>(m_run, trigger, *file, folderOf(trigger, workspace));
    if (const auto* schedule = std::get_if<ScheduleTrigger>(&trigger.kind))
        return std::make_unique<ScheduleRunner>(m_run, trigger, *schedule);
    if (const auto* http = std::get_if<HttpTrigger>(&trigger.kind))
        return std::make_unique<HttpRunner>(m_run, *m_gateway, trigger, *http);
    if (const auto* stream = std::get_if<StreamTrigger>(&trigger.kind))
        return std::make_unique<StreamRunner>(m_run, trigger, *stream);
    if (std::holds_alternative<QueueTrigger>(trigger.kind))
        return std::make_unique<QueueRunner>(m_run, trigger);
    if (const auto* changes = std::get_if<ChangesTrigger>(&trigger.kind))
        return std::make_unique<ChangesRunner>(m_run, *m_changes, trigger, *changes, workspace);
    return std::make_unique<ManualRunner>(m_run, trigger, std::get<ManualTrigger>(trigger.kind));
}

void TriggerSet::adopt(const Workspace& workspace)
{
    std::vector<Item> before = std::move(m_items);
    std::vector<std::size_t> fresh;
    m_items.clear();
    for (const Trigger& trigger : workspace.triggers) {
        const std::string folder = folderOf(trigger, workspace);
        const auto same = std::ranges::find_if(before, [&](const Item& item) {
            return item.runner
                && fingerprint(item.trigger, item.storeFolder) == fingerprint(trigger, folder);
        });
        Item item{trigger, folder, nullptr, trigger.enabled};
        if (same != before.end()) {
            if (same->trigger.enabled == trigger.enabled)
                item.enabled = same->enabled; // what the user has switched since
            item.runner = std::move(same->runner);
            if (item.enabled != same->enabled && m_running)
                item.enabled ? begin(item) : item.runner->stop();
        } else {
            item.runner = makeRunner(trigger, workspace);
            fresh.push_back(m_items.size());
        }
        m_items.push_back(std::move(item));
    }
    // A successor needs the port, the name or the order of what it replaces.
    for (Item& item : before)
        if (item.runner)
            leave(std::move(item));
    for (const std::size_t index : fresh)
        if (m_running && m_items[index].enabled)
            begin(m_items[index]);
}

void TriggerSet::begin(Item& item)
{
    if (!m_leaving.contains(item.trigger.name)) // else beat() does
        item.runner->start();
}

void TriggerSet::leave(Item item)
{
    item.runner->stop();
    if (item.runner->atWork())
        m_leaving[item.trigger.name] = std::move(item.runner);
}

void TriggerSet::start()
{
    if (!m_run.trusted()) {
        m_run.notice(Notice::Severity::Warning,
                     "Triggers do not start: this folder's code has not "
                     "been allowed to run yet",
                     "press Trust and start");
        return;
    }
    m_running = true;
    for (Item& item : m_items)
        if (item.enabled)
            begin(item);
}

void TriggerSet::stop()
{
    m_running = false;
    for (Item& item : m_items)
        item.runner->stop();
}

TriggerSet::Item* TriggerSet::find(const std::string& trigger)
{
    const auto it
        = std::ranges::find(m_items, trigger, [](const Item& i) { return i.trigger.name; });
    return it == m_items.end() ? nullptr : &*it;
}

std::int32_t TriggerSet::indexOf(const std::string& trigger) const
{
    const auto it
        = std::ranges::find(m_items, trigger, [](const Item& i) { return i.trigger.name; });
    return it == m_items.end() ? -1 : static_cast<std::int32_t>(it - m_items.begin());
}

void TriggerSet::setEnabled(const std::string& trigger, bool enabled)
{
    Item* item = find(trigger);
    if (!item || std::exchange(item->enabled, enabled) == enabled || !m_running)
        return;
    enabled ? begin(*item) : item->runner->stop();
}

void TriggerSet::fireNow(const std::string& trigger)
{
    if (Item* item = find(trigger))
        item->runner->fireNow();
}

void TriggerSet::backfill(const std::string& trigger)
{
    if (Item* item = find(trigger))
        item->runner->backfill();
    else
        m_run.notice(Notice::Severity::Error, "There is no trigger " + trigger + " to backfill");
}

void TriggerSet::resume(const std::string& trigger)
{
    if (Item* item = find(trigger))
        item->runner->resume();
}

void TriggerRunner::capture(const CaptureRequest& request, CaptureDone done)
{
    done(tl::unexpected(
        Error{.code = Error::Code::Missing,
              .message = fmt::format("\"{}\" gets no changes of a table", request.trigger)}));
}

void TriggerSet::capture(const CaptureRequest& request, CaptureDone done)
{
    if (Item* item = find(request.trigger))
        item->runner->capture(request, std::move(done));
    else
        done(tl::unexpected(
            Error{.code = Error::Code::Missing,
                  .message = fmt::format("there is no trigger \"{}\"", request.trigger)}));
}

void TriggerSet::ended(const live::Event& event)
{
    if (event.trigger >= 0 && static_cast<std::size_t>(event.trigger) < m_items.size())
        m_items[static_cast<std::size_t>(event.trigger)].runner->ended(event);
}

void TriggerSet::beat()
{
    m_changes->beat();
    for (auto leaving = m_leaving.begin(); leaving != m_leaving.end();) {
        if (leaving->second->atWork()) {
            ++leaving;
            continue;
        }
        Item* const successor = find(leaving->first);
        leaving = m_leaving.erase(leaving);
        if (successor && m_running && successor->enabled)
            successor->runner->start();
    }
    for (Item& item : m_items)
        item.runner->beat();
}

bool TriggerSet::busy() const
{
    return !m_leaving.empty()
        || std::ranges::any_of(m_items, [](const Item& item) { return item.runner->busy(); });
}

std::optional<TimePoint> TriggerSet::nextDue() const
{
    std::optional<TimePoint> first;
    for (const Item& item : m_items)
        if (const auto due = item.runner->nextDue(); due && (!first || *due < *first))
            first = due;
    return first;
}

void TriggerSet::fill(Snapshot& snapshot) const
{
    snapshot.triggersRunning = m_running;
    snapshot.triggers.resize(m_items.size());
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        TriggerView& view = snapshot.triggers[i];
        view.enabled = m_items[i].enabled;
        view.running = m_running && m_items[i].enabled;
        m_items[i].runner->fill(view);
        if (m_leaving.contains(m_items[i].trigger.name) && view.message.empty())
            view.message = "waits for what is at work by its earlier settings";
    }
}

} // namespace coldframe::session
