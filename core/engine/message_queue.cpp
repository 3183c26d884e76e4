#include "engine/message_queue.h"

#include <algorithm>
#include <cassert>

// A queue's messages: sent, received, deleted, visible again.
namespace coldframe::engine {

namespace {
/// From a receive on, however often it is made longer (SQS API reference, ChangeMessageVisibility,
/// read 2026-11).
constexpr Duration kLongestVisibility = std::chrono::hours(12);
} // namespace

Message* MessageQueue::find(MessageId id)
{
    Message* message = m_all->find(id.slot, id.serial);
    return message && message->queue == m_self ? message : nullptr;
}

std::uint32_t& MessageQueue::count(Message::State state)
{
    switch (state) {
    case Message::State::Delayed:
        return m_delayed;
    case Message::State::InFlight:
        return m_inFlight;
    case Message::State::Visible:
        break;
    }
    return m_visible;
}

/// Among the messages of its state; `due` is set.
void MessageQueue::enter(std::uint32_t slot, Message::State state)
{
    Message& message = (*m_all)[slot];
    message.state = state;
    ++count(state);
    if (state != Message::State::Visible) {
        m_byDue.add(*m_all, slot);
    } else if (!m_fifo) {
        message.next = kNoSlot;
        message.previous = m_tail;
        if (m_tail == kNoSlot)
            m_head = slot;
        else
            (*m_all)[m_tail].next = slot;
        m_tail = slot;
    }
}

void MessageQueue::leave(std::uint32_t slot)
{
    Message& message = (*m_all)[slot];
    --count(message.state);
    if (message.state != Message::State::Visible) {
        m_byDue.remove(*m_all, slot);
    } else if (!m_fifo) {
        if (message.previous == kNoSlot)
            m_head = message.next;
        else
            (*m_all)[message.previous].next = message.next;
        if (message.next == kNoSlot)
            m_tail = message.previous;
        else
            (*m_all)[message.next].previous = message.previous;
    }
}

void MessageQueue::change(std::uint32_t slot, Message::State state, TimePoint due)
{
    Message& message = (*m_all)[slot];
    const int before = message.state == Message::State::InFlight ? 1 : 0;
    leave(slot);
    message.due = due;
    enter(slot, state);
    if (m_fifo)
        m_groups.changed(*m_all, slot, (state == Message::State::InFlight ? 1 : 0) - before);
}

/// A message with its state, times and bytes set becomes one of this queue.
void MessageQueue::begin(std::uint32_t slot, std::uint64_t group)
{
    Message& message = (*m_all)[slot];
    message.queue = m_self;
    m_byAge.add(*m_all, slot);
    enter(slot, message.state);
    if (m_fifo)
        m_groups.append(*m_all, slot, group);
}

/// Out of the queue, still alive.
MessageQueue::Left MessageQueue::detach(std::uint32_t slot)
{
    Message& message = (*m_all)[slot];
    const Left left{
        {slot, message.serial}, m_fifo ? m_groups.keyOf(message.group) : 0, message.receives};
    leave(slot);
    m_byAge.remove(*m_all, slot);
    if (m_fifo)
        m_groups.remove(*m_all, slot);
    message.queue = kNoQueue;
    return left;
}

void MessageQueue::settleKind(const QueueRules& rules)
{
    if (depth() == 0)
        m_fifo = rules.fifo;
}

MessageQueue::Sent MessageQueue::send(TimePoint now, const QueueRules& rules, const Draft& draft)
{
    settleKind(rules);
    const bool counts = m_fifo && draft.deduplication != 0;
    const TimePoint sentAt = draft.sentAt.value_or(now);
    if (counts)
        if (const auto first = m_seen.find(sentAt, rules.deduplication, draft.deduplication))
            return {*first, true};
    const std::uint32_t slot = m_all->add();
    Message& message = (*m_all)[slot];
    message.bytes = draft.bytes;
    message.sentAt = sentAt;
    message.due = sentAt + rules.delayOf(draft.delay);
    message.state = message.due > now ? Message::State::Delayed : Message::State::Visible;
    begin(slot, draft.group);
    const MessageId id{slot, (*m_all)[slot].serial};
    if (counts)
        m_seen.add(sentAt, rules.deduplication, draft.deduplication, id);
    return {id, false};
}

/// What was in flight or delayed stays hidden until its time.
MessageQueue::Sent MessageQueue::restore(TimePoint now, const QueueRules& rules, const Kept& kept)
{
    settleKind(rules);
    const bool counts = m_fifo && kept.deduplication != 0;
    if (counts)
        if (const auto first = m_seen.find(kept.sentAt, rules.deduplication, kept.deduplication))
            return {*first, true};
    const std::uint32_t slot = m_all->add();
    Message& message = (*m_all)[slot];
    message.bytes = kept.bytes;
    message.receives = kept.receives;
    message.receipt = kept.receipt;
    message.sentAt = kept.sentAt;
    message.firstReceivedAt = kept.firstReceivedAt;
    message.receivedAt = kept.receives > 0 ? now : TimePoint{};
    message.due = kept.visibleAt;
    message.state = kept.visibleAt <= now ? Message::State::Visible
        : kept.receives > 0               ? Message::State::InFlight
                                          : Message::State::Delayed;
    begin(slot, kept.group);
    const MessageId id{slot, (*m_all)[slot].serial};
    if (counts)
        m_seen.add(kept.sentAt, rules.deduplication, kept.deduplication, id);
    return {id, false};
}

MessageQueue::End MessageQueue::receive(TimePoint now, const QueueRules& rules, const Want& want,
                                        std::vector<Receipt>& given, std::vector<Left>& dead)
{
    const TimePoint due = now + want.visibility.value_or(rules.visibility);
    std::uint64_t bytes = 0;
    bool always = want.always;
    std::uint32_t follows = kNoSlot; // FIFO: next of the group that gave the last one
    for (std::uint32_t taken = 0; taken < want.messages;) {
        if (m_inFlight >= rules.maxInFlight)
            return End::NoneLeft;
        const std::uint32_t slot = follows != kNoSlot ? follows : next();
        if (slot == kNoSlot)
            return End::NoneLeft;
        Message& message = (*m_all)[slot];
        const std::uint32_t after = m_fifo ? message.next : kNoSlot;
        follows = after != kNoSlot && (*m_all)[after].state == Message::State::Visible ? after
                                                                                       : kNoSlot;
        if (rules.maxReceives > 0 && message.receives >= rules.maxReceives) {
            dead.push_back(detach(slot));
            continue;
        }
        if (!always && bytes + message.bytes > want.bytes)
            return End::NoBytes;
        always = false;
        bytes += message.bytes;
        ++taken;
        ++message.receives;
        message.receipt = std::max(message.receipt + 1, rules.receiptsFrom);
        message.receivedAt = now;
        if (message.receives == 1)
            message.firstReceivedAt = now;
        change(slot, Message::State::InFlight, due);
        given.push_back({{slot, message.serial}, message.receipt});
    }
    return End::Enough;
}

ReceiptAnswer MessageQueue::erase(const Receipt& receipt)
{
    const Message* message = find(receipt.message);
    if (!message)
        return ReceiptAnswer::Gone;
    const bool latest = receipt.receive == message->receipt && receipt.receive > 0;
    if (m_fifo && (!latest || message->state != Message::State::InFlight))
        return ReceiptAnswer::Expired;
    if (!latest)
        return ReceiptAnswer::Stale;
    detach(receipt.message.slot);
    m_all->remove(receipt.message.slot);
    return ReceiptAnswer::Done;
}

ReceiptAnswer MessageQueue::changeVisibility(TimePoint now, const Receipt& receipt,
                                             Duration timeout)
{
    const Message* message = find(receipt.message);
    if (!message)
        return ReceiptAnswer::Gone;
    if (message->state != Message::State::InFlight)
        return ReceiptAnswer::NotInFlight;
    if (receipt.receive != message->receipt)
        return m_fifo ? ReceiptAnswer::Expired : ReceiptAnswer::Stale;
    if (now + timeout - message->receivedAt > kLongestVisibility)
        return ReceiptAnswer::TooLong;
    const bool atOnce = timeout <= Duration::zero();
    change(receipt.message.slot, atOnce ? Message::State::Visible : Message::State::InFlight,
           now + timeout);
    return ReceiptAnswer::Done;
}

void MessageQueue::put(TimePoint now, const QueueRules& rules, const Left& left, Moved how)
{
    settleKind(rules);
    Message& message = (*m_all)[left.message.slot];
    assert(message.serial == left.message.serial && message.queue == kNoQueue);
    if (m_fifo || how == Moved::SentBack)
        message.sentAt = now;
    message.receives = 0;
    message.firstReceivedAt = message.receivedAt = {};
    message.due = now;
    message.state = Message::State::Visible;
    begin(left.message.slot, left.group);
}

MessageQueue::Left MessageQueue::take()
{
    const std::uint32_t slot = next();
    return slot == kNoSlot ? Left{} : detach(slot);
}

MessageQueue::Left MessageQueue::take(MessageId id)
{
    const Message* message = find(id);
    return message && message->state != Message::State::InFlight ? detach(id.slot) : Left{};
}

void MessageQueue::purge(std::vector<MessageId>& dropped)
{
    while (!m_byAge.empty()) {
        const std::uint32_t slot = m_byAge.top();
        dropped.push_back(detach(slot).message);
        m_all->remove(slot);
    }
}

void MessageQueue::advance(TimePoint now, const QueueRules& rules, std::vector<MessageId>& expired)
{
    for (;;) {
        const TimePoint due = m_byDue.empty() ? TimePoint::max() : (*m_all)[m_byDue.top()].due;
        const TimePoint old
            = m_byAge.empty() ? TimePoint::max() : (*m_all)[m_byAge.top()].sentAt + rules.retention;
        if (std::min(due, old) > now)
            return;
        if (old <= due) {
            const std::uint32_t slot = m_byAge.top();
            expired.push_back(detach(slot).message);
            m_all->remove(slot);
        } else {
            change(m_byDue.top(), Message::State::Visible, due);
        }
    }
}

std::optional<TimePoint> MessageQueue::nextDeadline(const QueueRules& rules) const
{
    if (m_byAge.empty())
        return std::nullopt;
    const TimePoint old = (*m_all)[m_byAge.top()].sentAt + rules.retention;
    return m_byDue.empty() ? old : std::min(old, (*m_all)[m_byDue.top()].due);
}

} // namespace coldframe::engine
