#pragma once

#include <algorithm>
#include <map>
#include <span>

#include <gtest/gtest.h>

#include "harness.h"

namespace coldframe::engine::test {

/// Keeps book of every message from the actions alone, and finds what must never happen: a message
/// lost, doubled, given while it is hidden, given too often, or before an earlier one of its group.
class QueueBook {
public:
    void configured(const Configuration& c) { m_rules = c; }
    /// Before the actions of a MessageSent or MessageRestored.
    void sending(const MessageSent& in) { m_sent = in; }

    void see(TimePoint now, std::span<const Action> actions)
    {
        m_now = now;
        ++m_step;
        for (const Action& action : actions)
            std::visit([&](const auto& a) { on(a); }, action);
    }
    /// After each step.
    void expectSame(const Engine& engine) const
    {
        std::vector<std::uint32_t> depth(m_rules.queues.size());
        for (const auto& [id, entry] : m_messages)
            ++depth[entry.queue];
        for (QueueId queue = 0; queue < depth.size(); ++queue)
            EXPECT_EQ(engine.queue(queue).depth(), depth[queue]) << "queue " << queue;
        std::uint32_t running = 0;
        for (MappingId mapping = 0; mapping < m_rules.mappings.size(); ++mapping)
            running += engine.mapping(mapping).running;
        EXPECT_EQ(running, m_batches.size());
    }
    void expectClosed() const
    {
        EXPECT_TRUE(m_messages.empty());
        EXPECT_TRUE(m_batches.empty());
        EXPECT_EQ(sent, dropped);
    }
    /// A batch at work has these.
    std::vector<MessageId> messagesOf(InvocationId batch) const
    {
        const auto it = m_batches.find(batch.serial);
        return it == m_batches.end() ? std::vector<MessageId>() : it->second.messages;
    }
    bool isBatch(InvocationId id) const { return m_batches.contains(id.serial); }
    std::vector<std::pair<MessageId, std::uint32_t>> receipts; ///< of all receives
    std::uint32_t mostReceives = 0, mostMessages = 0; ///< highest limits of the run

    std::uint64_t sent = 0, dropped = 0, moved = 0, returned = 0, batches = 0, done = 0;
    std::uint64_t duplicates = 0, refused = 0, partly = 0, unserved = 0, expired = 0;
    std::uint64_t filteredOut = 0, emptied = 0;

private:
    struct Entry {
        QueueId queue = 0;
        std::uint64_t group = 0, order = 0;
        std::uint32_t receives = 0, receipt = 0, bytes = 0;
        Unwanted unwanted = 0;
        bool inFlight = false;
        std::uint64_t step = 0; ///< of its latest receive
        std::uint32_t batch = 0; ///< serial of the invocation it is in flight for
        TimePoint hiddenUntil{};
    };
    struct Batch {
        MappingId mapping = 0;
        std::vector<MessageId> messages;
        std::uint64_t bytes = 0;
    };

    Entry& entry(MessageId id)
    {
        const auto it = m_messages.find(id);
        if (it == m_messages.end()) {
            ADD_FAILURE() << "message " << id.serial << " is not there";
            return m_none;
        }
        return it->second;
    }
    /// Hidden now: in flight, and its timeout is not over.
    bool hidden(const Entry& entry) const { return entry.inFlight && entry.hiddenUntil > m_now; }

    void on(const Enqueue& a)
    {
        if (a.reason.why == Why::DuplicateMessage) {
            ++duplicates;
            EXPECT_TRUE(m_rules.queues[a.queue].fifo);
            return;
        }
        ++sent;
        const bool isNew = m_messages
                               .emplace(a.message,
                                        Entry{.queue = a.queue,
                                              .group = m_sent.group,
                                              .order = ++m_order,
                                              .bytes = m_sent.bytes,
                                              .unwanted = m_sent.unwanted,
                                              .hiddenUntil = a.visibleAt})
                               .second;
        EXPECT_TRUE(isNew) << "an id is used twice";
    }
    void on(const Receive& a)
    {
        Entry& own = entry(a.message);
        const QueueRules& rules = m_rules.queues[a.queue];
        EXPECT_EQ(own.queue, a.queue);
        EXPECT_LE(own.hiddenUntil, m_now);
        EXPECT_GT(a.visibleAt, m_now - 1h);
        // Of a batch that gathers for a while, an earlier receive may have been left out.
        EXPECT_GT(a.receive, own.receipt);
        EXPECT_GT(a.receives, own.receives);
        if (rules.maxReceives > 0) {
            EXPECT_LE(a.receives, mostReceives);
        }
        if (rules.fifo)
            expectTurnOf(a.message, own, a.invocation.serial);
        own.receives = a.receives;
        own.receipt = a.receive;
        own.inFlight = true;
        own.batch = a.invocation.serial;
        own.step = m_step;
        own.hiddenUntil = a.visibleAt;
        receipts.emplace_back(a.message, a.receive);
        if (a.invocation.serial == 0)
            return;
        EXPECT_EQ(own.unwanted & m_rules.mappings[a.mapping].filter, 0U) << "its filter";
        Batch& batch = m_batches[a.invocation.serial];
        batches += batch.messages.empty() ? 1 : 0;
        batch.messages.push_back(a.message);
        batch.bytes += own.bytes;
        EXPECT_LE(batch.messages.size(), mostMessages);
        EXPECT_TRUE(batch.bytes <= m_rules.mappings[0].maxBatchBytes || batch.messages.size() == 1);
    }
    /// FIFO: none of its group is out but with it, and none before it is left behind.
    void expectTurnOf(MessageId id, const Entry& own, std::uint32_t batch)
    {
        for (const auto& [otherId, other] : m_messages) {
            if (otherId == id || other.queue != own.queue || other.group != own.group)
                continue;
            const bool together = other.batch == batch && other.step == m_step;
            EXPECT_TRUE(!hidden(other) || together) << "its group is in flight";
            if (other.order < own.order) {
                EXPECT_TRUE(together) << "overtakes message " << otherId.serial;
            }
        }
    }
    void on(const Return& a)
    {
        Entry& own = entry(a.message);
        EXPECT_EQ(own.queue, a.queue);
        EXPECT_EQ(own.receives, a.receives);
        EXPECT_TRUE(own.inFlight);
        EXPECT_GE(a.visibleAt, m_now);
        own.hiddenUntil = a.visibleAt;
        own.inFlight = a.visibleAt > m_now;
        ++returned;
    }
    void on(const Drop& a)
    {
        EXPECT_EQ(entry(a.message).queue, a.queue);
        m_messages.erase(a.message);
        ++dropped;
        done += a.reason.why == Why::Success ? 1 : 0;
        expired += a.reason.why == Why::MessageExpired ? 1 : 0;
        filteredOut += a.reason.why == Why::FilteredOut ? 1 : 0;
    }
    void on(const Move& a)
    {
        Entry& own = entry(a.message);
        EXPECT_EQ(own.queue, a.from);
        EXPECT_FALSE(hidden(own));
        if (a.reason.why == Why::MaxReceives) {
            EXPECT_GE(a.receives, m_rules.queues[a.from].maxReceives);
        }
        own.queue = a.to;
        own.receives = 0;
        own.order = ++m_order;
        own.inFlight = false;
        own.hiddenUntil = m_now;
        ++moved;
    }
    void on(const Refuse&) { ++refused; }
    void on(const BatchEnded& a)
    {
        const auto it = m_batches.find(a.invocation.serial);
        if (it == m_batches.end()) {
            ADD_FAILURE() << "batch " << a.invocation.serial << " ends twice";
            return;
        }
        EXPECT_EQ(a.messages, it->second.messages.size());
        partly += a.reason.why == Why::ItemsReturned ? 1 : 0;
        unserved += a.reason.why == Why::BatchUnserved ? 1 : 0;
        emptied += a.reason.why == Why::BatchEmptied ? 1 : 0;
        for (const MessageId& id : it->second.messages)
            if (const auto at = m_messages.find(id); at != m_messages.end())
                if (at->second.batch == a.invocation.serial)
                    at->second.batch = 0;
        m_batches.erase(it);
    }
    template <typename Other> void on(const Other&) { }

    Configuration m_rules;
    MessageSent m_sent;
    TimePoint m_now{};
    std::uint64_t m_order = 0, m_step = 0;
    std::map<MessageId, Entry> m_messages;
    std::map<std::uint32_t, Batch> m_batches;
    Entry m_none;
};

} // namespace coldframe::engine::test
