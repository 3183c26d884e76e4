#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "engine/deduplication.h"
#include "engine/message.h"
#include "engine/message_groups.h"
#include "engine/queue_rules.h"
#include "engine/slot_heap.h"

namespace coldframe::engine {

/// One receive of a message: what is shown to delete it or to change when it is visible again.
struct Receipt {
    MessageId message;
    std::uint32_t receive = 0; ///< rises with each of all its life, from 1
    constexpr bool operator==(const Receipt&) const = default;
};

/// How a queue answers to a receipt.
enum class ReceiptAnswer : std::uint8_t {
    Done,
    Stale, ///< the message was received again since: nothing changes, and SQS says success
    Expired, ///< FIFO: its visibility timeout is over; refused
    NotInFlight, ///< visible or delayed: refused
    TooLong, ///< past twelve hours since the receive: refused
    Gone, ///< no such message any more
};

/// The state of one queue with the rules of Amazon SQS, without bodies. Pure: times are told, and
/// everything due before them must have been run by advance().
///
/// Standard queues give messages in the order they became visible. FIFO queues keep the order of
/// each group: see MessageGroups. All questions are answered in constant time, all changes in
/// O(log n).
class MessageQueue {
public:
    /// Where its messages lie, with those of all other queues. Outlives the queue.
    void attach(Messages& messages, QueueId self) { m_all = &messages, m_self = self; }

    struct Draft {
        std::uint32_t bytes = 0;
        std::uint64_t group = 0; ///< FIFO: key of its group
        std::uint64_t deduplication = 0; ///< FIFO: hash of the id; 0: none
        std::optional<Duration> delay; ///< standard; none: the queue's
        std::optional<TimePoint> sentAt; ///< none: now; else not later
    };
    struct Sent {
        MessageId message; ///< of a duplicate: the first one's
        bool duplicate = false; ///< accepted, but not put into the queue again
    };
    Sent send(TimePoint now, const QueueRules& rules, const Draft& draft);

    /// A message from before a restart, as the journal tells it.
    struct Kept {
        std::uint32_t bytes = 0, receives = 0, receipt = 0;
        std::uint64_t group = 0;
        std::uint64_t deduplication = 0; ///< 0 also of one that has moved
        TimePoint sentAt{}, firstReceivedAt{}, visibleAt{};
    };
    Sent restore(TimePoint now, const QueueRules& rules, const Kept& kept);

    struct Want {
        std::uint32_t messages = 10;
        std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max(); ///< together
        bool always = true; ///< the first one is given however large it is
        std::optional<Duration> visibility; ///< none: the queue's
    };
    enum class End : std::uint8_t {
        Enough, ///< as many as wanted
        NoBytes, ///< the next one would have been too large
        NoneLeft, ///< no other may be given now
    };
    /// A message that left the queue, still alive: to be given to another one's put().
    struct Left {
        MessageId message; ///< serial 0: none
        std::uint64_t group = 0; ///< key of its group
        std::uint32_t receives = 0;
    };
    /// Hides messages for as long as the visibility timeout and tells which. Those that have been
    /// received as often as they may leave the queue instead.
    End receive(TimePoint now, const QueueRules& rules, const Want& want,
                std::vector<Receipt>& given, std::vector<Left>& dead);

    /// Of a receive that is the message's latest: deletes it. A standard queue does so after the
    /// visibility timeout too, a FIFO queue does not.
    ReceiptAnswer erase(const Receipt& receipt);
    /// Visible again `timeout` from now, at once when that is zero. Twelve hours from its receive
    /// at most.
    ReceiptAnswer changeVisibility(TimePoint now, const Receipt& receipt, Duration timeout);

    /// Takes in a message that left another queue. One given up keeps the time it was sent in a
    /// standard queue, and so its age; in a FIFO queue, and when it is sent back by hand, it begins
    /// anew.
    enum class Moved : std::uint8_t { GivenUp, SentBack };
    void put(TimePoint now, const QueueRules& rules, const Left& left, Moved how);
    /// The next message that may be given leaves the queue.
    Left take();
    /// This one, unless it is in flight.
    Left take(MessageId message);
    /// Drops all messages, those in flight too, in the order they were sent. Deduplication ids
    /// stay.
    void purge(std::vector<MessageId>& dropped);

    /// Makes visible and drops what is due up to and including `now`, each at its time.
    void advance(TimePoint now, const QueueRules& rules, std::vector<MessageId>& expired);
    /// When it next changes by itself; may lie in the past if a message came older than it may be.
    std::optional<TimePoint> nextDeadline(const QueueRules& rules) const;

    /// Its kind, which stays while it holds messages.
    bool isFifo(const QueueRules& rules) const { return depth() > 0 ? m_fifo : rules.fifo; }
    std::uint32_t depth() const { return m_visible + m_delayed + m_inFlight; }
    std::uint32_t visible() const { return m_visible; } ///< FIFO: with those of blocked groups
    std::uint32_t delayed() const { return m_delayed; }
    std::uint32_t inFlight() const { return m_inFlight; }
    /// Whether a receive would find something.
    bool gives(const QueueRules& rules) const
    {
        return m_inFlight < rules.maxInFlight && next() != kNoSlot;
    }
    std::optional<TimePoint> oldestSentAt() const
    {
        return m_byAge.empty() ? std::nullopt : std::optional((*m_all)[m_byAge.top()].sentAt);
    }

    template <typename Archive> void archive(Archive& with)
    {
        with(m_fifo), with(m_byDue), with(m_byAge), with(m_groups), with(m_seen);
        with(m_head), with(m_tail), with(m_visible), with(m_delayed), with(m_inFlight);
    }

private:
    void settleKind(const QueueRules& rules);
    void begin(std::uint32_t slot, std::uint64_t group);
    Left detach(std::uint32_t slot);
    void enter(std::uint32_t slot, Message::State state);
    void leave(std::uint32_t slot);
    void change(std::uint32_t slot, Message::State state, TimePoint due);
    std::uint32_t next() const { return m_fifo ? m_groups.first() : m_head; }
    std::uint32_t& count(Message::State state);
    Message* find(MessageId id);

    Messages* m_all = nullptr;
    QueueId m_self = kNoQueue;
    bool m_fifo = false; ///< cannot change while it holds messages
    SlotHeap<&Message::due, &Message::duePlace> m_byDue; ///< delayed and in flight
    SlotHeap<&Message::sentAt, &Message::agePlace> m_byAge; ///< all
    MessageGroups m_groups; ///< FIFO
    Deduplication m_seen; ///< FIFO
    std::uint32_t m_head = kNoSlot, m_tail = kNoSlot; ///< standard: visible
    std::uint32_t m_visible = 0, m_delayed = 0, m_inFlight = 0;
};

} // namespace coldframe::engine
