#include <algorithm>

#include <fmt/format.h>

#include "s3/digest.h"
#include "session/destinations.h"
#include "session/failure_text.h"
#include "session/queue_server.h"
#include "session/queues.h"
#include "session/run.h"
#include "session/trigger_set.h"
#include "sources/queue_event.h"
#include "sqs/receipt_handle.h"

// Messages in batches: what functions get of them, and what comes of it.
namespace coldframe::session {

/// A batch from which a message is missing that cannot be read fails, whatever becomes of the
/// others: it would be deleted with them.
void Queues::makeBatch(live::Event& batch)
{
    std::vector<std::shared_ptr<const journal::QueuedMessage>> messages;
    std::vector<std::string> sums;
    std::vector<sources::QueueRecord> records;
    std::uint32_t hops = 0;
    for (live::BatchItem& item : batch.items) {
        Kept* kept = find(item.receive.message);
        if (!kept)
            continue; // purged since
        kept->atWork = true;
        item.id = kept->message->messageId;
        if (batch.sourceKey.empty())
            batch.sourceKey = item.id; // what results are named after
        auto message = whole(kept->message);
        if (!message) {
            m_run.notice(message.error(), Notice::Severity::Error);
            batch.batchProblem = describe(message.error());
            continue;
        }
        const journal::QueuedMessage& m = **message;
        messages.push_back(*message);
        hops = std::max(hops, m.hops);
        records.push_back(
            {.messageId = m.messageId,
             .body = m.body,
             .attributes = m.attributes,
             .receiptHandle = sqs::writeHandle(
                 {m.key, item.receive.receive},
                 sqsName(m_plan.name(item.receive.queue), m_plan.isFifo(item.receive.queue))),
             .queue = m_plan.name(item.receive.queue),
             .receives = item.receive.receives,
             .sentAt = m.sentAt,
             .firstReceivedAt = item.receive.firstReceivedAt,
             .fifo = m_plan.isFifo(item.receive.queue),
             .group = m.group,
             .deduplication = m.deduplication,
             .sequence = kept->sequence,
             .deadLetterSource = kept->from});
        sums.push_back(s3::hexMd5(m.body));
    }
    for (std::size_t i = 0; i < records.size(); ++i)
        records[i].bodyMd5 = sums[i];
    batch.body = std::make_shared<const std::string>(sources::queueEvent(records));
    batch.requestId = m_run.newId();
    batch.source = m_plan.trigger(batch.mapping);
    batch.trigger = m_run.triggers().indexOf(batch.source);
    batch.hops = hops;
    m_run.batchBegan(batch);
}

void Queues::attempted(const live::Event& batch)
{
    m_finished.clear();
    m_problem = batch.batchProblem.empty() ? failureText(batch.resultError, batch.result)
                                           : batch.batchProblem;
}

/// The first failure since a success, of each trigger.
void Queues::tellOutcome(const engine::BatchEnded& end, const live::Event& batch,
                         const std::string& problem)
{
    const std::string& trigger = m_plan.trigger(end.mapping);
    if (end.reason.why == engine::Why::BatchEmptied)
        return; // it was not tried
    if (end.returned == 0) {
        m_failing.erase(trigger);
        return;
    }
    if (!m_failing.insert(trigger).second)
        return;
    const std::string messages
        = fmt::format("{} message{}", end.returned, end.returned == 1 ? "" : "s");
    if (!batch.body)
        m_run.notice(Notice::Severity::Warning,
                     fmt::format("{}: {} found no room in time and came back: {}", trigger,
                                 messages, engine::describe(end.reason)),
                     "give the function more concurrency, or the trigger a maximumConcurrency "
                     "that it has");
    else
        m_run.notice(Notice::Severity::Warning,
                     fmt::format("{}: {} failed ({})", trigger, messages,
                                 problem.empty() ? engine::describe(end.reason) : problem),
                     end.returned == 1 ? "it comes again when its visibility timeout is over"
                                       : "they come again when their visibility timeout is over");
}

void Queues::comesAgain(Kept& kept, engine::Why why)
{
    if (kept.returnedFor == engine::Why::None) {
        kept.failingSince = m_run.driver().now();
        m_comingAgain[kept.queue].insert(kept.message->key);
    }
    kept.returnedFor = why;
}

void Queues::comesAgainNoMore(Kept& kept)
{
    if (std::exchange(kept.returnedFor, engine::Why::None) != engine::Why::None)
        m_comingAgain[kept.queue].erase(kept.message->key);
}

std::optional<Obstacle> Queues::obstacle(const std::string& trigger) const
{
    MappingId mapping = 0;
    while (mapping < m_plan.mappings() && m_plan.trigger(mapping) != trigger)
        ++mapping;
    if (mapping == m_plan.mappings())
        return std::nullopt;
    const QueueId queue = m_plan.queueOf(mapping);
    const auto failed = m_comingAgain.find(queue);
    if (failed == m_comingAgain.end() || failed->second.empty())
        return std::nullopt;
    const MessageId id = m_byKey.at(*failed->second.begin());
    const Kept& kept = m_kept[id.slot];
    const auto state = m_run.driver().engine().message(id);
    if (!state)
        return std::nullopt;
    const engine::QueueRules& rules = m_plan.rules(queue);
    std::string problem = kept.problem;
    if (problem.empty())
        problem = kept.returnedFor == engine::Why::BatchUnserved
            ? "the function had no room for it in time"
            : "its batch was given back";
    return Obstacle{
        .what = fmt::format("message {} of {}", kept.message->messageId, m_plan.name(queue)),
        .problem = std::move(problem),
        .attempts = state->receives,
        .since = kept.failingSince,
        .next = kept.atWork ? std::nullopt : std::optional(state->visibleAt),
        .others = failed->second.size() - 1,
        .hint = rules.maxReceives > 0
            ? fmt::format("after {} receives it goes to {}; correct the function or the message "
                          "before",
                          rules.maxReceives, m_plan.name(rules.deadLetters))
            : "correct the function or the message, or give the queue maxReceives and "
              "deadLetters"};
}

/// Its messages leave the journal once its result is where it belongs. What answers name as failed
/// is no result.
void Queues::ended(const engine::BatchEnded& end, live::Event& batch)
{
    const bool succeeded = end.reason.why == engine::Why::Success;
    std::vector<std::uint64_t> keys = std::move(m_finished);
    m_finished.clear();
    const std::string problem = std::exchange(m_problem, {});
    const auto remove = [this](const std::vector<std::uint64_t>& done) {
        for (const std::uint64_t key : done)
            m_run.journal().change(journal::MessageRemoved{key});
    };
    m_run.batchEnded(end, batch);
    tellOutcome(end, batch, problem);
    const auto& mapping = m_run.driver().engine().configuration().mappings[end.mapping];
    if (!succeeded || mapping.reportItemFailures || !batch.result)
        return remove(keys);
    ++m_delivering;
    m_run.destinations().deliverResult(batch, [this, keys = std::move(keys), remove] {
        --m_delivering;
        remove(keys);
    });
}

} // namespace coldframe::session
