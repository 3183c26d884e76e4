#include "engine/state.h"

#include <algorithm>

// Queues read for functions: messages become batches, batches are invocations like others, and what
// comes of one decides about its messages.
namespace coldframe::engine {

/// The end of every step. A queue that is read may touch another: its dead-letter queue.
void Engine::State::runTouchedQueues(Actions& out)
{
    for (std::size_t i = 0; i < touchedQueues.size(); ++i) {
        const QueueId id = touchedQueues[i];
        queues[id].touched = false;
        readQueue(id, out);
        const auto due = queues[id].queue.nextDeadline(queueRules[id]);
        if (due) // after all attempts that end at that instant
            poolDeadlines.arm(queueDeadlineId(id), std::max(now, *due), ++order | kAfterAll);
        else
            poolDeadlines.disarm(queueDeadlineId(id));
    }
    touchedQueues.clear();
}

/// Mappings of one queue take turns, a receive each, until none wants more or nothing is left.
void Engine::State::readQueue(QueueId id, Actions& out)
{
    const std::vector<MappingId>& readers = readersOf[id];
    QueueState& state = queues[id];
    for (std::size_t idle = 0; idle < readers.size();) {
        state.turn = (state.turn + 1) % static_cast<std::uint32_t>(readers.size());
        idle = poll(readers[state.turn], out) ? 0 : idle + 1;
    }
    for (const MappingId reader : readers) {
        Poller& poller = mappings[reader].poller;
        poller.settle(now, mappingRules[reader], state.queue.gives(queueRules[id]));
        if (const auto due = poller.nextDeadline(mappingRules[reader]))
            poolDeadlines.arm(mappingDeadlineId(reader), std::max(now, *due), ++order);
        else
            poolDeadlines.disarm(mappingDeadlineId(reader));
    }
}

/// A window is over, or one more batch is allowed.
void Engine::State::mappingDue(MappingId id)
{
    mappings[id].poller.due(now, mappingRules[id]);
    touch(mappingRules[id].queue);
}

/// One receive for the batch that is gathered, which goes if it is time. False: nothing was done.
bool Engine::State::poll(MappingId id, Actions& out)
{
    Mapping& mapping = mappings[id];
    const MappingRules& own = mappingRules[id];
    MessageQueue& queue = queues[own.queue].queue;
    const Poller::Wish wish = mapping.poller.wish(now, own);
    bool done = false;
    if (wish.messages > 0 && !queueRules[own.queue].removed && queue.gives(queueRules[own.queue])) {
        received.clear();
        const auto end
            = queue.receive(now, queueRules[own.queue],
                            {.messages = wish.messages, .bytes = wish.bytes, .always = wish.first},
                            received, deadMessages);
        done = !received.empty() || !deadMessages.empty();
        dropUnwanted(id, out);
        BatchItems& items = mapping.gathered;
        const std::uint32_t before = items.bytes;
        for (const Receipt& receipt : received) {
            const std::uint32_t slot = batchItems.add();
            batchItems[slot].receipt = receipt;
            (items.first == kNoSlot ? items.first : batchItems[items.last].next) = slot;
            items.last = slot;
            ++items.size;
            items.bytes += messages[receipt.message.slot].bytes;
        }
        mapping.poller.received(now, own, static_cast<std::uint32_t>(received.size()),
                                items.bytes - before, end == MessageQueue::End::NoBytes);
        buryDead(own.queue, out);
    }
    if (mapping.poller.launches(own)) {
        launch(id, out);
        done = true;
    }
    return done;
}

/// Of those just received.
void Engine::State::dropUnwanted(MappingId id, Actions& out)
{
    const QueueId queue = mappingRules[id].queue;
    const Unwanted filter = mappingRules[id].filter;
    if (filter == 0)
        return;
    std::erase_if(received, [&](const Receipt& receipt) {
        if ((messages[receipt.message.slot].unwanted & filter) == 0)
            return false;
        queues[queue].queue.erase(receipt);
        out.emplace_back(Drop{receipt.message, queue, {Why::FilteredOut, id}});
        return true;
    });
}

/// The gathered batch becomes an invocation, without the messages that are gone or visible again:
/// a window may be longer than they are hidden.
void Engine::State::launch(MappingId id, Actions& out)
{
    const MappingRules& own = mappingRules[id];
    const std::uint32_t slot = invocations.add();
    const std::uint32_t batchSlot = batches.add();
    Batch& batch = batches[batchSlot];
    batch.mapping = id;
    batch.launchedAt = now;
    TimePoint hidden = TimePoint::max();
    for (std::uint32_t item = mappings[id].gathered.first; item != kNoSlot;) {
        const std::uint32_t next = batchItems[item].next;
        const Receipt receipt = batchItems[item].receipt;
        const Message* message = messages.find(receipt.message.slot, receipt.message.serial);
        if (!message || message->queue != own.queue || message->receipt != receipt.receive
            || message->state != Message::State::InFlight) {
            batchItems.remove(item);
        } else {
            batchItems[item].next = kNoSlot;
            (batch.items.first == kNoSlot ? batch.items.first : batchItems[batch.items.last].next)
                = item;
            batch.items.last = item;
            ++batch.items.size;
            batch.items.bytes += message->bytes;
            hidden = std::min(hidden, message->due);
            out.emplace_back(Receive{receipt.message, own.queue, receipt.receive, message->receives,
                                     workIdOf(slot), 0, message->firstReceivedAt, message->due,
                                     id});
        }
        item = next;
    }
    mappings[id].gathered = {};
    mappings[id].poller.launched(batch.items.size == 0);
    if (batch.items.size == 0) {
        batches.remove(batchSlot);
        invocations.remove(slot);
        return;
    }
    batch.cursor = batch.items.first;
    Invocation& invocation = invocations[slot];
    invocation.function = own.function;
    invocation.delivery = Delivery::Batch;
    invocation.bytes = batch.items.bytes;
    invocation.batch = batchSlot;
    invocation.acceptedAt = invocation.dueAt = now;
    enqueue(slot);
    invocationDeadlines.arm(slot, std::max(now, hidden), ++order);
    pump(own.function, out);
}

/// It still waits for room, and its first message is visible again: AWS gives up on it then.
void Engine::State::batchDue(std::uint32_t slot, Actions& out)
{
    const Invocation& invocation = invocations[slot];
    const FunctionId function = invocation.function;
    const Reason reason{Why::BatchUnserved, batches[invocation.batch].items.size,
                        milliseconds(now - invocation.dueAt)};
    unlink(slot);
    if (emptied(slot))
        endEmptied(slot, out);
    else
        endBatch(slot, ItemsFailed::All, Poller::End::Throttled, reason, out);
    pump(function, out); // the next in line begins to wait at the head
}

/// Whether all its messages were deleted since they were received for it.
bool Engine::State::emptied(std::uint32_t slot) const
{
    if (invocations[slot].delivery != Delivery::Batch)
        return false;
    std::uint32_t item = batches[invocations[slot].batch].items.first;
    for (; item != kNoSlot; item = batchItems[item].next) {
        const MessageId message = batchItems[item].receipt.message;
        if (messages.find(message.slot, message.serial))
            return false;
    }
    return true;
}

/// A batch that was emptied before it began: nobody is invoked for nothing.
void Engine::State::endEmptied(std::uint32_t slot, Actions& out)
{
    const Reason reason{Why::BatchEmptied, batches[invocations[slot].batch].items.size};
    endBatch(slot, ItemsFailed::None, Poller::End::SomeFailed, reason, out);
}

/// Of those that the instance was started for.
void Engine::State::letGoEmptied(std::uint32_t instanceSlot, Actions& out)
{
    forEachWork(instances[instanceSlot], [&](std::uint32_t work) {
        if (!emptied(work))
            return;
        unbind(work);
        endEmptied(work, out);
    });
    if (instances[instanceSlot].inFlight == 0)
        unlist(instanceSlot);
}

void Engine::State::itemFailed(const BatchItemFailed& in)
{
    const Invocation* invocation = find(in.invocation);
    if (!invocation || invocation->batch == kNoSlot)
        return;
    Batch& batch = batches[invocation->batch];
    std::uint32_t item = batch.cursor;
    for (std::uint32_t looked = 0; looked < batch.items.size; ++looked) {
        if (batchItems[item].receipt.message == in.message) {
            batch.named += batchItems[item].failed ? 0 : 1;
            batchItems[item].failed = true;
            batch.cursor = item;
            return;
        }
        item = batchItems[item].next == kNoSlot ? batch.items.first : batchItems[item].next;
    }
}

/// What an attempt means for the batch. Each batch has one: its messages come again in others.
void Engine::State::settleBatch(std::uint32_t slot, const Ending& ending, Actions& out)
{
    const Batch& batch = batches[invocations[slot].batch];
    const std::uint32_t size = batch.items.size, named = batch.named;
    if (ending.outcome == Outcome::Cancelled)
        endBatch(slot, ItemsFailed::All, Poller::End::SomeFailed, {Why::CancelledByUser}, out);
    else if (ending.outcome != Outcome::Succeeded)
        endBatch(slot, ItemsFailed::All, Poller::End::Failed, {Why::BatchReturned, size}, out);
    else if (ending.status == WorkStatus::InvalidBatchAnswer)
        endBatch(slot, ItemsFailed::All, Poller::End::Failed, {Why::BatchAnswerUnusable, size},
                 out);
    else if (ending.status == WorkStatus::SomeItemsFailed && named > 0)
        endBatch(slot, ItemsFailed::Named, Poller::End::SomeFailed,
                 {Why::ItemsReturned, named, size}, out);
    else
        endBatch(slot, ItemsFailed::None, Poller::End::Succeeded, {Why::Success}, out);
}

void Engine::State::endBatch(std::uint32_t slot, ItemsFailed failed, Poller::End end, Reason reason,
                             Actions& out)
{
    const std::uint32_t batchSlot = invocations[slot].batch;
    const Batch batch = batches[batchSlot];
    const QueueId queue = mappingRules[batch.mapping].queue;
    std::uint32_t returned = 0;
    for (std::uint32_t item = batch.items.first; item != kNoSlot;) {
        const BatchItem each = batchItems[item];
        if (failed == ItemsFailed::All || (failed == ItemsFailed::Named && each.failed)) {
            giveBack(each.receipt, queue, reason, out);
            ++returned;
        } else {
            finish(each.receipt, queue, out);
        }
        batchItems.remove(item);
        item = each.next;
    }
    out.emplace_back(BatchEnded{workIdOf(slot), invocations[slot].function, batch.mapping,
                                batch.items.size, returned, reason});
    mappings[batch.mapping].poller.ended(batch.launchedAt, now, mappingRules[batch.mapping], end);
    batches.remove(batchSlot);
    forget(slot);
    touch(queue);
}

/// Visible again when its visibility timeout is over. That is a wait before a retry now, so the
/// rest of it is divided like others.
void Engine::State::giveBack(const Receipt& receipt, QueueId queue, Reason reason, Actions& out)
{
    const Message* message = messages.find(receipt.message.slot, receipt.message.serial);
    if (!message || message->queue != queue || message->receipt != receipt.receive
        || message->state != Message::State::InFlight)
        return; // it has been visible again already
    if (rules->timeScale != 1 && message->due > now)
        queues[queue].queue.changeVisibility(now, receipt, scaled(message->due - now));
    out.emplace_back(Return{receipt.message, queue, message->receives, message->due, reason});
}

/// Dealt with. One that took longer than it was hidden may have been received again: then it stays.
void Engine::State::finish(const Receipt& receipt, QueueId queue, Actions& out)
{
    const auto answer = queues[queue].queue.erase(receipt);
    if (answer == ReceiptAnswer::Done)
        out.emplace_back(Drop{receipt.message, queue, {Why::Success}});
    else if (answer != ReceiptAnswer::Gone)
        refuse(receipt, queue, answer, {}, out);
}

} // namespace coldframe::engine
