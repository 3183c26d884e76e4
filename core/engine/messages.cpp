#include "engine/state.h"

#include <algorithm>

// What is told of queues and their messages. Who reads them is in batches.cpp.
namespace coldframe::engine {

/// Everything of queues that follows from the configuration.
void Engine::State::queuesInForce()
{
    queueRules = rules->queues;
    queues.resize(std::max(queues.size(), queueRules.size()));
    queueRules.resize(queues.size(), {.removed = true});
    readersOf.assign(queues.size(), {});
    for (QueueId id = 0; id < queues.size(); ++id) {
        queues[id].queue.attach(messages, id);
        QueueRules& own = queueRules[id];
        own.delay = scaled(own.delay);
        if (own.deadLetters == id || !hasQueue(own.deadLetters))
            own.maxReceives = 0; // nowhere to go
    }
    mappingRules = rules->mappings;
    mappings.resize(std::max(mappings.size(), mappingRules.size()));
    mappingRules.resize(mappings.size(), {.enabled = false});
    for (MappingId id = 0; id < mappings.size(); ++id) {
        MappingRules& own = mappingRules[id];
        own.enabled = own.enabled && own.batchSize > 0 && own.function < rules->functions.size()
            && !rulesOf(own.function).removed;
        if (own.queue < readersOf.size())
            readersOf[own.queue].push_back(id);
    }
}

/// It changed: its mappings may read it and its deadline may be another, once the step is done.
void Engine::State::touch(QueueId queue)
{
    if (queue >= queues.size() || queues[queue].touched)
        return;
    queues[queue].touched = true;
    touchedQueues.push_back(queue);
}

void Engine::State::send(const MessageSent& in, Actions& out)
{
    if (!hasQueue(in.queue)) {
        out.emplace_back(Refuse{{}, in.queue, in.tag, {Why::NoSuchQueue}});
        return;
    }
    MessageQueue::Draft draft{.bytes = in.bytes,
                              .group = in.group,
                              .deduplication = in.deduplication,
                              .delay = {},
                              .sentAt = {}};
    if (in.delay >= Duration::zero())
        draft.delay = scaled(in.delay);
    if (in.sentAt != TimePoint{})
        draft.sentAt = std::min(in.sentAt, now);
    const auto sent = queues[in.queue].queue.send(now, queueRules[in.queue], draft);
    if (!sent.duplicate)
        messages[sent.message.slot].unwanted = in.unwanted;
    enqueued(sent, in.queue, in.tag, out);
}

void Engine::State::restore(const MessageRestored& in, Actions& out)
{
    if (!hasQueue(in.queue)) {
        out.emplace_back(Refuse{{}, in.queue, in.tag, {Why::NoSuchQueue}});
        return;
    }
    const auto restored = queues[in.queue].queue.restore(now, queueRules[in.queue],
                                                         {.bytes = in.bytes,
                                                          .receives = in.receives,
                                                          .receipt = in.receipt,
                                                          .group = in.group,
                                                          .deduplication = in.deduplication,
                                                          .sentAt = in.sentAt,
                                                          .firstReceivedAt = in.firstReceivedAt,
                                                          .visibleAt = in.visibleAt});
    if (!restored.duplicate)
        messages[restored.message.slot].unwanted = in.unwanted;
    enqueued(restored, in.queue, in.tag, out);
}

void Engine::State::enqueued(const MessageQueue::Sent& sent, QueueId queue, std::uint32_t tag,
                             Actions& out)
{
    if (sent.duplicate) {
        const auto window = static_cast<std::uint32_t>(toSeconds(queueRules[queue].deduplication));
        out.emplace_back(Enqueue{
            sent.message, queue, tag, now, {Why::DuplicateMessage, sent.message.serial, window}});
        return;
    }
    const TimePoint visibleAt = std::max(now, messages[sent.message.slot].due);
    out.emplace_back(Enqueue{sent.message, queue, tag, visibleAt, {}});
    touch(queue);
}

void Engine::State::judged(const MessageJudged& in)
{
    if (Message* message = messages.find(in.message.slot, in.message.serial))
        message->unwanted = in.unwanted;
}

void Engine::State::give(const MessagesWanted& in, Actions& out)
{
    if (!hasQueue(in.queue))
        return;
    MessageQueue::Want want{.messages = in.most};
    if (in.visibility >= Duration::zero())
        want.visibility = in.visibility;
    received.clear();
    queues[in.queue].queue.receive(now, queueRules[in.queue], want, received, deadMessages);
    buryDead(in.queue, out);
    for (const Receipt& receipt : received) {
        const Message& message = messages[receipt.message.slot];
        out.emplace_back(Receive{receipt.message,
                                 in.queue,
                                 receipt.receive,
                                 message.receives,
                                 {},
                                 in.tag,
                                 message.firstReceivedAt,
                                 message.due});
    }
    touch(in.queue);
}

/// Those that have been received as often as they may go to the dead-letter queue.
void Engine::State::buryDead(QueueId queue, Actions& out)
{
    if (deadMessages.empty())
        return;
    const QueueRules& from = queueRules[queue];
    for (const MessageQueue::Left& left : deadMessages) {
        queues[from.deadLetters].queue.put(now, queueRules[from.deadLetters], left,
                                           MessageQueue::Moved::GivenUp);
        out.emplace_back(Move{left.message,
                              queue,
                              from.deadLetters,
                              left.receives,
                              {Why::MaxReceives, left.receives, from.maxReceives}});
    }
    deadMessages.clear();
    touch(from.deadLetters);
}

void Engine::State::refuse(const Receipt& receipt, QueueId queue, ReceiptAnswer answer,
                           Duration timeout, Actions& out)
{
    Reason reason{Why::NoSuchMessage};
    switch (answer) {
    case ReceiptAnswer::Stale:
        reason = {Why::StaleReceipt, receipt.receive, messages[receipt.message.slot].receipt};
        break;
    case ReceiptAnswer::Expired:
        reason = {Why::ReceiptExpired, receipt.receive};
        break;
    case ReceiptAnswer::NotInFlight:
        reason = {Why::NotInFlight};
        break;
    case ReceiptAnswer::TooLong:
        reason = {Why::VisibilityTooLong, static_cast<std::uint32_t>(toSeconds(timeout))};
        break;
    case ReceiptAnswer::Gone:
    case ReceiptAnswer::Done:
        break;
    }
    out.emplace_back(Refuse{receipt.message, queue, 0, reason});
}

void Engine::State::changeVisibility(const VisibilityChanged& in, Actions& out)
{
    const Receipt receipt{in.message, in.receive};
    const Message* message = messages.find(in.message.slot, in.message.serial);
    if (!message)
        return refuse(receipt, kNoQueue, ReceiptAnswer::Gone, {}, out);
    const QueueId queue = message->queue;
    const auto answer = queues[queue].queue.changeVisibility(now, receipt, in.timeout);
    if (answer != ReceiptAnswer::Done)
        return refuse(receipt, queue, answer, in.timeout, out);
    out.emplace_back(Return{in.message,
                            queue,
                            message->receives,
                            message->due,
                            {Why::VisibilitySet, milliseconds(in.timeout)}});
    touch(queue);
}

void Engine::State::erase(const MessageDeleted& in, Actions& out)
{
    const Receipt receipt{in.message, in.receive};
    const Message* message = messages.find(in.message.slot, in.message.serial);
    if (!message)
        return refuse(receipt, kNoQueue, ReceiptAnswer::Gone, {}, out);
    const QueueId queue = message->queue;
    if (in.receive == kByHand)
        return eraseByHand(in.message, queue, out);
    const auto answer = queues[queue].queue.erase(receipt);
    if (answer != ReceiptAnswer::Done)
        return refuse(receipt, queue, answer, {}, out);
    out.emplace_back(Drop{in.message, queue, {Why::DeletedByReceiver}});
    touch(queue);
}

void Engine::State::eraseByHand(MessageId id, QueueId queue, Actions& out)
{
    if (queues[queue].queue.take(id).message.serial == 0) {
        out.emplace_back(Refuse{id, queue, 0, {Why::MessageInFlight}});
        return;
    }
    messages.remove(id.slot);
    out.emplace_back(Drop{id, queue, {Why::DeletedByUser}});
    touch(queue);
}

void Engine::State::redrive(const Redriven& in, Actions& out)
{
    if (!hasQueue(in.to) || in.from >= queues.size() || in.from == in.to)
        return;
    for (std::uint32_t moved = 0; moved < in.most; ++moved) {
        MessageQueue& from = queues[in.from].queue;
        const MessageQueue::Left left
            = in.message.serial == 0 ? from.take() : from.take(in.message);
        if (left.message.serial == 0)
            break;
        queues[in.to].queue.put(now, queueRules[in.to], left, MessageQueue::Moved::SentBack);
        out.emplace_back(Move{left.message, in.from, in.to, left.receives, {Why::RedrivenByUser}});
    }
    touch(in.from);
    touch(in.to);
}

void Engine::State::purge(const Purged& in, Actions& out)
{
    if (in.queue >= queues.size())
        return;
    queues[in.queue].queue.purge(goneMessages);
    for (const MessageId& gone : goneMessages)
        out.emplace_back(Drop{gone, in.queue, {Why::PurgedByUser}});
    goneMessages.clear();
    touch(in.queue);
}

/// Messages are visible again, or past their retention.
void Engine::State::queueDue(QueueId queue, Actions& out)
{
    const QueueRules& own = queueRules[queue];
    queues[queue].queue.advance(now, own, goneMessages);
    for (const MessageId& gone : goneMessages)
        out.emplace_back(
            Drop{gone,
                 queue,
                 {Why::MessageExpired, static_cast<std::uint32_t>(toSeconds(own.retention))}});
    goneMessages.clear();
    touch(queue);
}

} // namespace coldframe::engine
