#include <algorithm>

#include <fmt/format.h>

#include "model/json_text.h"
#include "model/workspace_file.h"
#include "session/queues.h"
#include "session/run.h"

// What the workspace says of queues: their rules, and the filters of what reads them.
namespace coldframe::session {

namespace {

/// More receives than a run gives of one message without telling the journal of it.
constexpr int kReceiptsOfARunBits = 16;

std::uint32_t firstReceipt(std::uint64_t run)
{
    return static_cast<std::uint32_t>(run << kReceiptsOfARunBits);
}

} // namespace

void Queues::plan(const Workspace& workspace, engine::Configuration& configuration)
{
    // A trigger that is taken away is not started when it comes again.
    std::erase_if(m_started, [&](const std::string& name) {
        const Trigger* trigger = workspace.findTrigger(name);
        return !trigger || !std::holds_alternative<QueueTrigger>(trigger->kind);
    });
    m_plan.fill(workspace, m_started, configuration);
    for (engine::QueueRules& rules : configuration.queues)
        rules.receiptsFrom = firstReceipt(m_run.journal().run());
    m_tallies.resize(m_plan.size());
    m_lastPlaces.resize(m_plan.size());
    const std::vector<QueueId> changed = m_filters.adopt(m_plan, workspace, configuration.mappings);
    for (const Kept& kept : m_kept)
        if (kept.id.serial != 0 && std::ranges::find(changed, kept.queue) != changed.end())
            judge(kept);
}

/// Of a message that comes into that queue.
engine::Unwanted Queues::verdictOf(QueueId queue, const Message& message)
{
    if (!m_filters.has(queue))
        return 0; // judged before it is sent to another one: see redrive()
    if (const auto read = whole(message))
        return m_filters.judge(**read, m_plan.isFifo(queue));
    else
        m_run.notice(read.error(), Notice::Severity::Error);
    return 0; // whoever receives it finds that it cannot be read
}

/// Anew: filters have changed, it was edited, or it is about to be sent back.
void Queues::judge(const Kept& kept)
{
    if (const auto message = whole(kept.message))
        m_run.driver().tell(engine::MessageJudged{
            kept.id, m_filters.judge(**message, m_plan.isFifo(kept.queue))});
    else
        m_run.notice(message.error(), Notice::Severity::Error);
}

std::vector<Error> Queues::problemsOf(const Workspace& workspace) const
{
    std::vector<Error> errors;
    for (const Store& store : workspace.stores) {
        const auto* queue = std::get_if<QueueStore>(&store.kind);
        const QueueId id = queue ? m_plan.knownId(store.name) : kNoQueue;
        if (id == kNoQueue)
            continue;
        const engine::QueueCounts now = m_run.driver().engine().queue(id);
        const bool onTheWay = std::ranges::any_of(
            m_sending, [&](const Sending& it) { return it.message->queue == store.name; });
        if (queue->fifo != now.fifo && (now.depth() > 0 || onTheWay))
            errors.push_back({.code = Error::Code::Conflict,
                              .message = fmt::format("the queue \"{}\" holds messages, and is a {} "
                                                     "queue for as long as it does",
                                                     store.name, now.fifo ? "FIFO" : "standard"),
                              .hint = "empty it and save the file again, or change \"fifo\" while "
                                      "the workspace is closed",
                              .file = fileOf(workspace).filename().string(),
                              .pointer = childPointer("/stores", store.name) + "/fifo"});
    }
    return errors;
}

void Queues::enable(const std::string& trigger, bool on)
{
    const bool changed = on ? m_started.insert(trigger).second : m_started.erase(trigger) > 0;
    if (changed)
        m_run.reconfigure();
}

} // namespace coldframe::session
