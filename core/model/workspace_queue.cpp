#include <set>

#include <fmt/format.h>

#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

namespace coldframe::detail {

QueueStore readQueueStore(JsonReader& in)
{
    QueueStore queue;
    const auto number = [&](const char* key, IntegerRange range, int& value) {
        value = static_cast<int>(in.integer(key, range, value));
    };
    queue.fifo = in.boolean("fifo", false);
    queue.contentBasedDeduplication = in.boolean("contentBasedDeduplication", false);
    if (queue.contentBasedDeduplication && !queue.fifo)
        in.fail(Error::Code::Conflict, "contentBasedDeduplication",
                "contentBasedDeduplication belongs to FIFO queues",
                "add \"fifo\": true, or remove it");
    number("visibilityTimeoutS", kVisibilityTimeoutS, queue.visibilityTimeoutS);
    number("delayS", kDelayS, queue.delayS);
    number("retentionS", kRetentionS, queue.retentionS);
    queue.deadLetters = in.string("deadLetters");
    if (in.has("maxReceives")) {
        in.require("deadLetters", "name the queue that messages are moved to");
        number("maxReceives", kMaxReceives, queue.maxReceives);
    } else if (!queue.deadLetters.empty()) {
        in.require("maxReceives", "after how many receives a message is moved, such as 3");
    }
    return queue;
}

QueueTrigger readQueueTrigger(JsonReader& in)
{
    QueueTrigger trigger;
    in.require("store", "name the queue to read");
    trigger.store = in.string("store");
    trigger.batchSize
        = static_cast<int>(in.integer("batchSize", kQueueBatchSize, trigger.batchSize));
    trigger.batchWindowS = static_cast<int>(in.integer("batchWindowS", kBatchWindowS, 0));
    if (in.has("maximumConcurrency"))
        trigger.maximumConcurrency
            = static_cast<int>(in.integer("maximumConcurrency", kMaximumConcurrency, 0));
    trigger.reportBatchItemFailures = in.boolean("reportBatchItemFailures", false);
    return trigger;
}

namespace {

/// Rules that join queues with one another and with the functions that read them.
class QueueCheck {
public:
    QueueCheck(const Workspace& workspace, const JsonText& text, Errors& errors)
        : m_workspace(workspace), m_text(text), m_errors(errors)
    { }

    void store(const Store& store, const QueueStore& queue)
    {
        const std::string at = childPointer("/stores", store.name) + "/deadLetters";
        if (queue.deadLetters.empty())
            return;
        const Store* target = m_workspace.findStore(queue.deadLetters);
        const auto* dead = target ? std::get_if<QueueStore>(&target->kind) : nullptr;
        if (target == &store)
            add(at, "a queue cannot be its own dead-letter queue", "name another queue");
        else if (target && !dead)
            add(at, fmt::format("the store \"{}\" is no queue", queue.deadLetters),
                "name a store of the kind \"queue\"");
        else if (dead && dead->fifo != queue.fifo)
            add(at,
                "the dead-letter queue of a FIFO queue is a FIFO queue, and of a standard "
                "queue a standard one",
                fmt::format("set \"fifo\" of \"{}\" likewise", queue.deadLetters));
    }

    // Sources: Lambda developer guide, "Creating and configuring an Amazon SQS event source
    // mapping", read 2026-11.
    void trigger(const Trigger& trigger, const QueueTrigger& read)
    {
        const std::string at = childPointer("/triggers", trigger.name);
        const Store* store = m_workspace.findStore(read.store);
        if (!store)
            return; // told already
        const auto* queue = std::get_if<QueueStore>(&store->kind);
        if (!queue)
            return add(at + "/store", fmt::format("the store \"{}\" is no queue", read.store),
                       "name a store of the kind \"queue\"");
        if (!m_readers.emplace(read.store, trigger.function).second)
            add(at + "/store",
                fmt::format("another trigger hands \"{}\" to the function \"{}\" already",
                            read.store, trigger.function),
                "keep one of them");
        if (!trigger.filter.empty() && ++m_filters > kMostQueueFilters)
            add(at + "/filter",
                fmt::format("{} triggers that read queues have filters already", kMostQueueFilters),
                "let the function choose, or give the messages a queue of their own");
        if (queue->fifo && read.batchSize > 10)
            add(at + "/batchSize", "batches of a FIFO queue have 10 messages at most",
                "lower it to 10");
        if (queue->fifo && read.batchWindowS > 0)
            add(at + "/batchWindowS", "batches of a FIFO queue do not wait to be filled",
                "remove it");
        if (!queue->fifo && read.batchSize > 10 && read.batchWindowS < 1)
            add(at + "/batchSize", "more than 10 messages need a batchWindowS of at least 1",
                "add \"batchWindowS\": 1, or lower batchSize");
        if (read.batchWindowS >= queue->visibilityTimeoutS && read.batchWindowS > 0)
            add(at + "/batchWindowS",
                fmt::format("batches wait {} s to be filled, and messages of \"{}\" are hidden for "
                            "{} s: they would come back before they are handed over",
                            read.batchWindowS, read.store, queue->visibilityTimeoutS),
                "lower it, or raise visibilityTimeoutS of the queue");
        const Function* function = m_workspace.findFunction(trigger.function);
        if (function && function->timeoutMs > queue->visibilityTimeoutS * 1000)
            add(at + "/store",
                fmt::format("messages of \"{}\" are hidden for {} s, and the function \"{}\" may "
                            "take {} s",
                            read.store, queue->visibilityTimeoutS, function->name,
                            function->timeoutMs / 1000.0),
                "raise visibilityTimeoutS of the queue; six times the timeout is advised");
    }

private:
    void add(const std::string& pointer, std::string message, std::string hint)
    {
        m_errors.push_back(errorAt(m_text, pointer, false, Error::Code::Conflict,
                                   std::move(message), std::move(hint)));
    }

    const Workspace& m_workspace;
    const JsonText& m_text;
    Errors& m_errors;
    std::set<std::pair<std::string, std::string>> m_readers; ///< queue and function
    std::size_t m_filters = 0;
};

} // namespace

void checkQueues(const Workspace& workspace, const JsonText& text, Errors& errors)
{
    QueueCheck check(workspace, text, errors);
    for (const Store& store : workspace.stores)
        if (const auto* queue = std::get_if<QueueStore>(&store.kind))
            check.store(store, *queue);
    for (const Trigger& trigger : workspace.triggers)
        if (const auto* queue = std::get_if<QueueTrigger>(&trigger.kind))
            check.trigger(trigger, *queue);
}

} // namespace coldframe::detail
