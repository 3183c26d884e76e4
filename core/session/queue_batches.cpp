#include <algorithm>

#include <fmt/format.h>

#include "model/json_text.h"
#include "model/utf8.h"
#include "s3/digest.h"
#include "session/destinations.h"
#include "session/queue_server.h"
#include "session/queues.h"
#include "session/run.h"
#include "session/trigger_set.h"
#include "sources/queue_event.h"
#include "sqs/receipt_handle.h"

// Messages in batches: what functions get of them, and what comes of it.
namespace coldframe::session {

namespace {

constexpr std::size_t kMostOfMessage = 300; ///< bytes of an error's message

/// What a batch failed of: "ValueError: no weight". Empty when it did not fail.
std::string failureOf(const live::Event& batch)
{
    if (!batch.batchProblem.empty() || batch.resultError.empty() || !batch.result)
        return !batch.batchProblem.empty() ? batch.batchProblem : batch.resultError;
    const auto json = parseJson(*batch.result, {});
    const auto message
        = json && json->root().isObject() ? json->root().find("errorMessage") : std::nullopt;
    std::string said = message && message->isString() ? message->string() : std::string();
    std::size_t end = 0;
    while (end < said.size()) {
        const std::size_t length = utf8Length(said, end);
        if (length == 0 || end + length > kMostOfMessage)
            break;
        end += length;
    }
    said.resize(end);
    return said.empty() ? batch.resultError : batch.resultError + ": " + said;
}

} // namespace

/// A batch from which a message is missing that cannot be read fails, whatever becomes of the
/// others: it would be deleted with them.
void Queues::makeBatch(live::Event& batch)
{
    std::vector<std::shared_ptr<const journal::QueuedMessage>> messages;
    std::vector<std::string> sums;
    std::vector<sources::QueueRecord> records;
    std::uint32_t hops = 0;
    for (live::BatchItem& item : batch.items) {
        const Kept* kept = find(item.receive.message);
        if (!kept)
            continue; // purged since
        auto message = whole(*kept);
        if (!message) {
            m_run.notice(message.error(), Notice::Severity::Error);
            batch.batchProblem = describe(message.error());
            continue;
        }
        const journal::QueuedMessage& m = **message;
        messages.push_back(*message);
        item.id = m.messageId;
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
             .sequence = m.key,
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
    batch.sourceKey = batch.items.front().id; // what results are named after
    m_run.batchBegan(batch);
}

void Queues::attempted(const live::Event& batch)
{
    m_finished.clear();
    m_problem = failureOf(batch);
}

/// The first failure since a success, of each trigger.
void Queues::tellOutcome(const engine::BatchEnded& end, const live::Event& batch,
                         const std::string& problem)
{
    const std::string& trigger = m_plan.trigger(end.mapping);
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
                     "they come again when their visibility timeout is over");
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
