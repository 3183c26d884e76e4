#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "engine/message_queue.h"

namespace coldframe::engine::test {

/// A queue as slow and plain as can be: one list in the order messages came, walked for every
/// question. What a MessageQueue does is held against it.
class QueueModel {
public:
    struct Item {
        MessageId id;
        std::uint32_t bytes = 0, receives = 0, receipt = 0;
        std::uint64_t group = 0, turn = 0; ///< turn: when it became visible
        TimePoint sentAt{}, receivedAt{}, due{};
        Message::State state = Message::State::Visible;
    };
    explicit QueueModel(QueueRules given) : rules(given) { }

    /// The first message with that id in five minutes, if there is one.
    std::optional<MessageId> duplicate(TimePoint now, std::uint64_t id) const
    {
        const auto it = m_seen.find(id);
        const bool counts = rules.fifo && id != 0 && it != m_seen.end()
            && now - it->second.second <= rules.deduplication;
        return counts ? std::optional(it->second.first) : std::nullopt;
    }
    void send(TimePoint now, MessageId id, const MessageQueue::Draft& draft)
    {
        const Duration delay = rules.fifo ? rules.delay : draft.delay.value_or(rules.delay);
        Item item{.id = id,
                  .bytes = draft.bytes,
                  .group = rules.fifo ? draft.group : 0,
                  .sentAt = now,
                  .due = now + delay};
        if (delay > Duration::zero())
            item.state = Message::State::Delayed;
        append(item);
        if (rules.fifo && draft.deduplication != 0)
            m_seen[draft.deduplication] = {id, now};
    }
    void put(TimePoint now, Item item, MessageQueue::Moved how)
    {
        if (rules.fifo || how == MessageQueue::Moved::SentBack)
            item.sentAt = now;
        item.receives = 0;
        item.receivedAt = {};
        item.due = now;
        item.state = Message::State::Visible;
        append(item);
    }
    std::vector<Receipt> receive(TimePoint now, const MessageQueue::Want& want,
                                 std::vector<Item>& dead)
    {
        std::vector<Receipt> given;
        std::uint64_t bytes = 0;
        bool always = want.always;
        std::optional<std::uint64_t> sameGroup;
        while (given.size() < want.messages
               && count(Message::State::InFlight) < rules.maxInFlight) {
            auto at = items.end();
            if (sameGroup) { // as many of one group as follow each other
                at = std::ranges::find_if(items, [&](const Item& i) {
                    return i.group == *sameGroup && i.state != Message::State::InFlight;
                });
                if (at != items.end() && at->state != Message::State::Visible)
                    at = items.end();
            }
            if (at == items.end())
                at = next();
            if (at == items.end())
                break;
            sameGroup = rules.fifo ? std::optional(at->group) : std::nullopt;
            if (rules.maxReceives > 0 && at->receives >= rules.maxReceives) {
                dead.push_back(*at);
                items.erase(at);
                turns();
                continue;
            }
            if (!always && bytes + at->bytes > want.bytes)
                break;
            always = false;
            bytes += at->bytes;
            ++at->receives;
            ++at->receipt;
            at->receivedAt = now;
            at->state = Message::State::InFlight;
            at->due = now + want.visibility.value_or(rules.visibility);
            given.push_back({at->id, at->receipt});
            turns();
        }
        return given;
    }
    ReceiptAnswer erase(const Receipt& receipt)
    {
        const auto at = find(receipt.message);
        if (at == items.end())
            return ReceiptAnswer::Gone;
        const bool latest = at->receipt == receipt.receive && receipt.receive > 0;
        if (rules.fifo && !(latest && at->state == Message::State::InFlight))
            return ReceiptAnswer::Expired;
        if (!latest)
            return ReceiptAnswer::Stale;
        items.erase(at);
        turns();
        return ReceiptAnswer::Done;
    }
    ReceiptAnswer hide(TimePoint now, const Receipt& receipt, Duration timeout)
    {
        const auto at = find(receipt.message);
        if (at == items.end())
            return ReceiptAnswer::Gone;
        if (at->state != Message::State::InFlight)
            return ReceiptAnswer::NotInFlight;
        if (at->receipt != receipt.receive)
            return rules.fifo ? ReceiptAnswer::Expired : ReceiptAnswer::Stale;
        if (now + timeout - at->receivedAt > std::chrono::hours(12))
            return ReceiptAnswer::TooLong;
        at->due = now + timeout;
        if (timeout == Duration::zero())
            show(*at);
        turns();
        return ReceiptAnswer::Done;
    }
    std::optional<Item> take()
    {
        const auto at = next();
        if (at == items.end())
            return std::nullopt;
        const Item item = *at;
        items.erase(at);
        turns();
        return item;
    }
    void purge(std::vector<MessageId>& dropped)
    {
        std::ranges::stable_sort(items, {},
                                 [](const Item& i) { return std::pair(i.sentAt, i.id.serial); });
        for (const Item& item : items)
            dropped.push_back(item.id);
        items.clear();
        turns();
    }
    void advance(TimePoint now, std::vector<MessageId>& expired)
    {
        while (const auto when = nextDeadline()) {
            if (*when > now)
                return;
            const auto old = std::ranges::min_element(
                items, {}, [](const Item& i) { return std::pair(i.sentAt, i.id.serial); });
            if (old->sentAt + rules.retention == *when) {
                expired.push_back(old->id);
                items.erase(old);
            } else {
                auto first = items.end();
                for (auto at = items.begin(); at != items.end(); ++at)
                    if (at->state != Message::State::Visible && at->due == *when
                        && (first == items.end() || at->id.serial < first->id.serial))
                        first = at;
                show(*first);
            }
            turns();
        }
    }
    std::optional<TimePoint> nextDeadline() const
    {
        std::optional<TimePoint> first;
        for (const Item& item : items) {
            TimePoint at = item.sentAt + rules.retention;
            if (item.state != Message::State::Visible)
                at = std::min(at, item.due);
            first = std::min(first.value_or(at), at);
        }
        return first;
    }
    std::uint32_t count(Message::State state) const
    {
        return static_cast<std::uint32_t>(std::ranges::count(items, state, &Item::state));
    }

    QueueRules rules;
    std::vector<Item> items;

private:
    std::vector<Item>::iterator find(MessageId id)
    {
        return std::ranges::find(items, id, &Item::id);
    }
    void show(Item& item)
    {
        item.state = Message::State::Visible;
        item.turn = ++m_turn;
    }
    void append(Item item)
    {
        item.turn = ++m_turn;
        items.push_back(item);
        turns();
    }
    /// Which groups may give a message, in the order they came to that.
    void turns()
    {
        const auto gives = [&](std::uint64_t group) {
            const auto head = std::ranges::find(items, group, &Item::group);
            return head != items.end() && head->state == Message::State::Visible
                && std::ranges::none_of(items, [&](const Item& i) {
                       return i.group == group && i.state == Message::State::InFlight;
                   });
        };
        std::erase_if(m_groups, [&](std::uint64_t group) { return !gives(group); });
        for (const Item& item : items)
            if (std::ranges::find(m_groups, item.group) == m_groups.end() && gives(item.group))
                m_groups.push_back(item.group);
    }
    std::vector<Item>::iterator next()
    {
        if (rules.fifo)
            return m_groups.empty() ? items.end()
                                    : std::ranges::find(items, m_groups.front(), &Item::group);
        auto first = items.end();
        for (auto at = items.begin(); at != items.end(); ++at)
            if (at->state == Message::State::Visible
                && (first == items.end() || at->turn < first->turn))
                first = at;
        return first;
    }

    std::vector<std::uint64_t> m_groups;
    std::map<std::uint64_t, std::pair<MessageId, TimePoint>> m_seen;
    std::uint64_t m_turn = 0;
};

} // namespace coldframe::engine::test
