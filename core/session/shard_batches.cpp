#include <algorithm>

#include <fmt/format.h>

#include "session/destinations.h"
#include "session/failure_text.h"
#include "session/run.h"
#include "session/shard_failure.h"
#include "session/shard_runner.h"
#include "session/trigger_set.h"

// What becomes of the batches that a ShardRunner hands over.
namespace coldframe::session {

namespace {

constexpr std::size_t kLongAnswer = 1u << 16; ///< bytes: more than a moment to read

const char* conditionOf(engine::Shard::Reason reason)
{
    return reason == engine::Shard::Reason::RecordAgeExceeded ? "RecordAgeExceeded"
                                                              : "RetryAttemptsExhausted";
}

} // namespace

std::string ShardRunner::bodyOf(const engine::Shard::Order& order) const
{
    std::string list = m_items.listOf(order);
    if (m_source.listAlone && !order.window)
        return list;
    return R"({"Records":)" + list
        + (order.window ? windowMembers(*order.window, m_state, m_source.shardId, m_source.arn)
                        : std::string())
        + '}';
}

void ShardRunner::send(Batch& batch)
{
    const std::uint32_t lane = batch.order.lane;
    const FunctionId function = m_run.workspace()->functionId(m_trigger.function);
    live::Event event;
    event.body = std::make_shared<const std::string>(bodyOf(batch.order));
    event.trigger = m_run.triggers().indexOf(m_trigger.name);
    event.source = m_trigger.name;
    event.comesAgain = true;
    event.sourceKey = m_source.name + ':' + m_items.nameOf(batch.order);
    event.done = [alive = m_alive, lane](const live::Ending& ending) {
        if (alive->runner)
            alive->runner->ended(lane, ending);
    };
    std::optional<Error> refused;
    if (function == kNoFunction)
        refused = Error{.code = Error::Code::Missing,
                        .message = "there is no function " + m_trigger.function};
    else
        refused = m_run.submit(function, engine::Delivery::Sync, std::move(event));
    if (!refused)
        return;
    if (std::exchange(batch.error, refused->message) != refused->message)
        m_run.notice(*refused, Notice::Severity::Warning);
    batch.failed(m_run.driver().now());
    tell(lane, m_run.driver().now(), {.end = engine::Shard::End::Throttled});
}

/// The lane is free for what the shard has next for it.
void ShardRunner::tell(std::uint32_t lane, TimePoint at, const engine::Shard::Answer& answer)
{
    --m_underWay;
    m_shard.ended(at, lane, answer);
}

/// Told by the driver in the middle of its work: what follows waits for its turn.
void ShardRunner::ended(std::uint32_t lane, const live::Ending& ending)
{
    const TimePoint now = m_run.driver().now();
    Batch& batch = m_batches[lane];
    if (ending.reject) { // throttled: that is no try
        batch.error = "throttled";
        batch.failed(now);
        tell(lane, now, {.end = engine::Shard::End::Throttled});
        return;
    }
    if (!ending.meter || !ending.report)
        return;
    batch.requestId = ending.event->requestId;
    batch.functionFailed = ending.meter->outcome != engine::Outcome::Succeeded;
    batch.invoked = std::make_shared<const live::Event>(*ending.event);
    m_run.post([alive = m_alive, lane, now, failed = batch.functionFailed,
                error = failureText(ending.report->errorType, ending.report->payload),
                payload = ending.report->payload] {
        if (!alive->runner)
            return;
        if (failed)
            alive->runner->settle(lane, now,
                                  {.answer = {.end = engine::Shard::End::Failed},
                                   .state = std::nullopt,
                                   .problem = error});
        else
            alive->runner->answered(lane, now, payload);
    });
}

/// What the answer says; a long one is read elsewhere.
void ShardRunner::answered(std::uint32_t lane, TimePoint at, const live::Text& payload)
{
    const engine::Shard::Order& order = m_batches[lane].order;
    ShardQuestion question{.state = order.window.has_value(),
                           .mostStateBytes
                           = mostBytes() - std::min(kAroundWindowState, mostBytes()),
                           .failures = m_rules.reportBatchItemFailures,
                           .sequences = {}};
    if (question.failures)
        question.sequences = m_items.sequencesOf(order);
    const auto text = payload ? payload : std::make_shared<const std::string>();
    if (!question.state && !question.failures)
        return deliver(lane, at, {});
    if (text->size() < kLongAnswer)
        return deliver(lane, at, readShardAnswer(*text, question));
    m_run.inBackground(
        [alive = m_alive, &run = m_run, lane, at, text, question = std::move(question)] {
            run.post([alive, lane, at, answer = readShardAnswer(*text, question)] {
                if (alive->runner)
                    alive->runner->deliver(lane, at, answer);
            });
        });
}

/// A result goes to onSuccess before its records are done. What says which records failed is none,
/// nor is the state of a window, but for what its end gives.
void ShardRunner::deliver(std::uint32_t lane, TimePoint at, const ShardAnswer& heard)
{
    const Batch& batch = m_batches[lane];
    const auto& window = batch.order.window;
    if (heard.answer.end != engine::Shard::End::Succeeded || m_rules.reportBatchItemFailures
        || (window && !window->final))
        return settle(lane, at, heard);
    m_run.destinations().deliverResult(*batch.invoked, [alive = m_alive, lane, at, heard] {
        if (alive->runner)
            alive->runner->settle(lane, at, heard);
    });
}

/// The attempt that ended at `at` is over.
void ShardRunner::settle(std::uint32_t lane, TimePoint at, const ShardAnswer& heard)
{
    Batch& batch = m_batches[lane];
    ++batch.attempts;
    batch.error = heard.problem;
    if (heard.answer.end == engine::Shard::End::SomeFailed)
        batch.error = "the answer names record "
            + m_items[batch.order.records[heard.answer.firstFailed]].label;
    if (batch.error.empty())
        batch.failing = false;
    else
        batch.failed(at);
    if (heard.state)
        m_state = *heard.state;
    if (heard.answer.end != engine::Shard::End::Succeeded)
        tellFailure(batch);
    const std::vector<Place> records = batch.order.records;
    tell(lane, at, heard.answer);
    batch.order.records.erase(batch.order.records.begin(),
                              batch.order.records.begin()
                                  + static_cast<std::ptrdiff_t>(heard.answer.firstFailed));
    if (records.empty() && heard.answer.end == engine::Shard::End::Succeeded)
        m_state = "{}"; // of the next window
    advance(records);
    goOn();
}

/// Once a batch; of batches that are halved until one record is left, that one.
void ShardRunner::tellFailure(const Batch& batch)
{
    const engine::Shard::Order& order = batch.order;
    if (order.attempts > 0 || (m_rules.bisectBatchOnFunctionError && order.records.size() > 1))
        return;
    const bool forever = m_rules.maximumRetryAttempts < 0;
    m_run.notice(
        Notice::Severity::Warning,
        fmt::format("{}: {} failed ({}); no later ones{} are handed over until that is done",
                    m_trigger.name, m_items.wordsOf(order), batch.error,
                    m_rules.parallelizationFactor > 1 ? " of these keys" : ""),
        forever ? "correct the function, or set maximumRetryAttempts" : "");
}

/// The shard goes on once what failed is kept.
void ShardRunner::giveUp(Batch& batch)
{
    const engine::Shard::Order& order = batch.order;
    const ShardItems::Item& first = m_items[order.records.front()];
    const ShardItems::Item& last = m_items[order.records.back()];
    const FunctionId function = m_run.workspace()->functionId(m_trigger.function);
    const Function* const target
        = function == kNoFunction ? nullptr : &m_run.workspace()->functions[function];
    const FailedBatch failed{
        .function = m_trigger.function,
        .requestId = order.attempts > 0 ? batch.requestId : std::string(),
        .condition = conditionOf(*order.giveUp),
        .attempts = order.attempts,
        .batchInfo = m_source.batchInfo,
        .arn = m_source.arn,
        .shardId = m_source.shardId,
        .firstSequence = first.sequence,
        .lastSequence = last.sequence,
        .firstArrival = first.arrival,
        .lastArrival = last.arrival,
        .size = order.records.size(),
        .functionFailed = batch.functionFailed,
        .body = bodyOf(order),
    };
    if (order.attempts > 0)
        m_run.board().gaveUp();
    m_run.notice(Notice::Severity::Warning,
                 fmt::format("{}: {} {} given up: {}", m_trigger.name, m_items.wordsOf(order),
                             order.records.size() == 1 ? "is" : "are", failed.condition),
                 target && target->onFailure ? "" : "set onFailure to keep such records");
    const auto kept = [alive = m_alive, lane = order.lane] {
        ShardRunner* const self = alive->runner;
        if (!self)
            return;
        Batch& done = self->m_batches[lane];
        --self->m_underWay;
        self->m_shard.givenUp(lane);
        done.error.clear();
        done.failing = false;
        done.requestId.clear();
        self->advance(done.order.records);
        self->goOn();
    };
    if (!target || !target->onFailure)
        return kept();
    m_run.destinations().keep(*target->onFailure, function,
                              failureRecord(failed, m_run.driver().now()),
                              m_trigger.name + '-' + m_items.nameOf(order), kept);
}

} // namespace coldframe::session
