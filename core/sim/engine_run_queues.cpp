#include <utility>

#include "sim/batch.h"
#include "sim/engine_run_state.h"

// Functions that read queues: what arrives are messages, and what the engine makes of them are
// batches, which are calls like others from then on.
namespace coldframe::sim {

namespace {
constexpr auto kLongestWork = static_cast<std::int64_t>(kLongestNs);
} // namespace

void EngineRun::beginQueues(engine::Configuration& configuration)
{
    m_queues.assign(m_model.queues.size(), QueueBook(m_model.window));
    for (const QueueModel& queue : m_model.queues)
        configuration.queues.push_back(queue.rules);
    for (FunctionId function = 0; function < m_sources.size(); ++function) {
        const auto& reads = m_sources[function].function->reads;
        if (!reads)
            continue;
        engine::MappingRules& rules = configuration.mappings.emplace_back(reads->rules);
        rules.queue = reads->queue;
        rules.function = function;
    }
}

void EngineRun::sendMessage(FunctionId function)
{
    Source& source = m_sources[function];
    const std::uint32_t queue = source.function->reads->queue;
    m_sending = {.sender = function, .index = source.messages++, .sentAt = m_now, .cameAt = m_now};
    engine::MessageSent in{.queue = queue};
    if (m_model.queues[queue].rules.fifo)
        in.group = 1
            + Stream(m_seed, Draw::MessageGroup, source.entity).bits(m_sending.index)
                % m_model.queues[queue].groups;
    step(in);
}

void EngineRun::carryOut(const engine::Enqueue& action)
{
    if (action.message.slot >= m_messages.size())
        m_messages.resize(action.message.slot + 1);
    messageOf(action.message) = m_sending;
    messageOf(action.message).serial = action.message.serial;
    m_queues[action.queue].came(m_now, QueueBook::Came::Sent);
}

/// The call of a batch, which begins with the first message that is received for it.
std::uint32_t EngineRun::batchOf(InvocationId invocation, FunctionId function)
{
    if (invocation.slot >= m_callOf.size())
        m_callOf.resize(invocation.slot + 1);
    if (invocation.slot >= m_batchSerials.size())
        m_batchSerials.resize(invocation.slot + 1);
    if (m_batchSerials[invocation.slot] == invocation.serial)
        return m_callOf[invocation.slot];
    m_batchSerials[invocation.slot] = invocation.serial;
    Source& source = m_sources[function];
    const std::int64_t service = source.services.at(source.indices);
    const std::uint32_t slot = newCall(function, m_now, service);
    m_callOf[invocation.slot] = slot;
    if (slot >= m_batches.size())
        m_batches.resize(slot + 1);
    m_batches[slot].clear();
    source.book.arrived(m_now);
    m_queues[source.function->reads->queue].batch(m_now);
    return slot;
}

/// Draws for messages of a sender in batches of a reader.
Stream EngineRun::luckOf(const Source& reader, FunctionId sender, Draw what) const
{
    return {m_seed, what, partOf(reader.entity, m_sources[sender].entity)};
}

void EngineRun::carryOut(const engine::Receive& action)
{
    const FunctionId function = m_engine.configuration().mappings[action.mapping].function;
    const std::uint32_t slot = batchOf(action.invocation, function);
    SimulatedMessage& message = messageOf(action.message);
    const BatchMessage received{action.message, message.sender,
                                drawOf(message.index, action.receive - 1)};
    m_batches[slot].push_back(received);
    m_queues[action.queue].received(m_now, message.cameAt, !std::exchange(message.begun, true));
    const Source& reader = m_sources[function];
    if (const auto& law = reader.function->reads->perMessage) {
        Call& call = m_calls[slot];
        const Draws added(*law, luckOf(reader, received.sender, Draw::Message));
        call.ofMessages = std::min(call.ofMessages + added.at(received.luck), kLongestWork);
    }
}

/// What an attempt that has done its work comes to. Of a batch of messages, tells which failed.
engine::WorkStatus EngineRun::statusOf(const Call& call, InvocationId invocation)
{
    const Source& source = m_sources[call.function];
    if (fails(source, call))
        return engine::WorkStatus::FunctionError;
    if (call.shard != kNoShard)
        return failingRecord(call)
                && !feedOf(call.function).feed.model().rules.reportBatchItemFailures
            ? engine::WorkStatus::FunctionError
            : engine::WorkStatus::Succeeded;
    const auto& reads = source.function->reads;
    if (!reads || reads->messageFailureShare <= 0)
        return engine::WorkStatus::Succeeded;
    bool failed = false;
    for (const BatchMessage& each : m_batches[m_callOf[invocation.slot]]) {
        const Stream luck = luckOf(source, each.sender, Draw::MessageFailure);
        if (unitOf(luck.bits(each.luck)) >= reads->messageFailureShare)
            continue;
        if (!reads->rules.reportItemFailures)
            return engine::WorkStatus::FunctionError;
        failed = true;
        step(engine::BatchItemFailed{invocation, each.message});
    }
    return failed ? engine::WorkStatus::SomeItemsFailed : engine::WorkStatus::Succeeded;
}

void EngineRun::carryOut(const engine::Return& action)
{
    m_queues[action.queue].returned(messageOf(action.message).cameAt);
}

void EngineRun::carryOut(const engine::Drop& action)
{
    const SimulatedMessage gone = std::exchange(messageOf(action.message), {});
    m_queues[action.queue].gone(m_now, gone.cameAt, gone.sentAt,
                                action.reason.why == engine::Why::MessageExpired
                                    ? QueueBook::Gone::Expired
                                    : QueueBook::Gone::Deleted);
}

void EngineRun::carryOut(const engine::Move& action)
{
    SimulatedMessage& moved = messageOf(action.message);
    m_queues[action.from].gone(m_now, moved.cameAt, moved.sentAt, QueueBook::Gone::DeadLettered);
    m_queues[action.to].came(m_now, QueueBook::Came::Moved);
    moved.cameAt = m_now;
    moved.begun = false;
    if (m_model.queues[action.to].rules.fifo)
        moved.sentAt = m_now; // as the engine has it
}

void EngineRun::carryOut(const engine::BatchEnded& action)
{
    const Call& call = callOf(action.invocation);
    if (!call.started)
        m_sources[call.function].book.expired(call.arrivedAt);
    endCall(action.invocation);
}

std::vector<QueueFigures> EngineRun::closeQueues()
{
    for (std::uint32_t slot = 0; slot < m_messages.size(); ++slot) {
        const SimulatedMessage& message = m_messages[slot];
        if (message.serial == 0)
            continue;
        const auto there = m_engine.message({slot, message.serial});
        if (there)
            m_queues[there->queue].left(message.cameAt, message.sentAt);
    }
    std::vector<QueueFigures> all;
    for (QueueBook& queue : m_queues)
        all.push_back(queue.close());
    return all;
}

} // namespace coldframe::sim
