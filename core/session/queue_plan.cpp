#include "session/queue_plan.h"

#include <algorithm>

#include "sources/queue_event.h"

namespace coldframe::session {

namespace {

engine::QueueRules rulesOf(const QueueStore& queue)
{
    engine::QueueRules rules;
    rules.fifo = queue.fifo;
    rules.visibility = std::chrono::seconds(queue.visibilityTimeoutS);
    rules.delay = std::chrono::seconds(queue.delayS);
    rules.retention = std::chrono::seconds(queue.retentionS);
    rules.maxReceives = static_cast<std::uint32_t>(queue.maxReceives);
    return rules;
}

/// Records of one event; a platform without a limit has that of Lambda's mappings.
std::uint32_t mostOfBatch(std::uint64_t maxEventBytes)
{
    constexpr std::uint64_t kMost = engine::MappingRules().maxBatchBytes;
    const std::uint64_t event = maxEventBytes > 0 ? std::min(maxEventBytes, kMost) : kMost;
    return static_cast<std::uint32_t>(event - std::min<std::uint64_t>(event,
                                                                      sources::kAroundQueueRecords));
}

} // namespace

QueueId QueuePlan::place(const std::string& queue)
{
    const auto it = std::ranges::find(m_queues, queue);
    if (it == m_queues.end())
        m_queues.push_back(queue);
    return static_cast<QueueId>(it - m_queues.begin());
}

MappingId QueuePlan::place(Reader reader)
{
    const auto it = std::ranges::find(m_readers, reader);
    if (it == m_readers.end())
        m_readers.push_back(reader);
    return static_cast<MappingId>(it - m_readers.begin());
}

void QueuePlan::fill(const Workspace& workspace, const std::set<std::string>& started,
                     engine::Configuration& configuration)
{
    for (const Store& store : workspace.stores)
        if (std::holds_alternative<QueueStore>(store.kind))
            place(store.name);
    m_rules.resize(m_queues.size());
    for (engine::QueueRules& rules : m_rules)
        rules.removed = true; // and what it holds goes on by the rules it had
    m_byContent.clear();
    for (const Store& store : workspace.stores)
        if (const auto* queue = std::get_if<QueueStore>(&store.kind)) {
            engine::QueueRules& rules = m_rules[place(store.name)] = rulesOf(*queue);
            if (queue->contentBasedDeduplication)
                m_byContent.insert(place(store.name));
            if (!queue->deadLetters.empty())
                rules.deadLetters = place(queue->deadLetters);
        }
    for (const Trigger& trigger : workspace.triggers)
        if (const auto* queue = std::get_if<QueueTrigger>(&trigger.kind))
            place(Reader(place(queue->store), workspace.functionId(trigger.function)));

    const std::uint32_t mostBytes = mostOfBatch(configuration.platform.maxSyncBytes);
    m_triggers.assign(m_readers.size(), {});
    m_read.clear();
    configuration.queues = m_rules;
    configuration.mappings.clear();
    for (const auto& [queue, function] : m_readers)
        configuration.mappings.push_back({.queue = queue, .function = function, .enabled = false});
    for (const Trigger& trigger : workspace.triggers) {
        const auto* queue = std::get_if<QueueTrigger>(&trigger.kind);
        if (!queue)
            continue;
        const QueueId id = place(queue->store);
        const MappingId mapping = place(Reader(id, workspace.functionId(trigger.function)));
        m_triggers[mapping] = trigger.name;
        engine::MappingRules& rules = configuration.mappings[mapping];
        rules.enabled = started.contains(trigger.name);
        rules.reportItemFailures = queue->reportBatchItemFailures;
        rules.batchSize = static_cast<std::uint32_t>(queue->batchSize);
        rules.maxBatchBytes = mostBytes;
        rules.window = std::chrono::seconds(queue->batchWindowS);
        rules.maxConcurrency = static_cast<std::uint32_t>(queue->maximumConcurrency);
        if (rules.enabled)
            m_read.insert(id);
    }
}

QueueId QueuePlan::knownId(const std::string& queue) const
{
    const auto it = std::ranges::find(m_queues, queue);
    return it == m_queues.end() ? kNoQueue : static_cast<QueueId>(it - m_queues.begin());
}

QueueId QueuePlan::id(const std::string& queue) const
{
    const QueueId id = knownId(queue);
    return id == kNoQueue || m_rules[id].removed ? kNoQueue : id;
}

} // namespace coldframe::session
