#pragma once

#include <vector>

#include "engine/message_queue.h"

// One queue on its own, times in milliseconds since zero.
namespace coldframe::engine::test {

using namespace std::chrono_literals;

inline TimePoint ms(std::int64_t n)
{
    return TimePoint(std::chrono::milliseconds(n));
}

struct QueueBench {
    explicit QueueBench(QueueRules given = {}) : rules(given) { queue.attach(messages, 0); }

    MessageId send(std::int64_t at, MessageQueue::Draft draft = {})
    {
        pass(at);
        return queue.send(ms(at), rules, draft).message;
    }
    /// What a receive gives; `dead` and `end` hold the rest of its answer.
    std::vector<Receipt> receive(std::int64_t at, MessageQueue::Want want = {})
    {
        pass(at);
        std::vector<Receipt> given;
        dead.clear();
        end = queue.receive(ms(at), rules, want, given, dead);
        return given;
    }
    ReceiptAnswer erase(std::int64_t at, const Receipt& receipt)
    {
        pass(at);
        return queue.erase(receipt);
    }
    ReceiptAnswer hide(std::int64_t at, const Receipt& receipt, Duration timeout)
    {
        pass(at);
        return queue.changeVisibility(ms(at), receipt, timeout);
    }
    /// To an instant, before what is due then: as the engine does it.
    void pass(std::int64_t at) { queue.advance(ms(at) - 1ns, rules, expired); }

    QueueRules rules;
    Messages messages;
    MessageQueue queue;
    std::vector<MessageQueue::Left> dead;
    std::vector<MessageId> expired;
    MessageQueue::End end = MessageQueue::End::Enough;
};

inline std::vector<MessageId> idsOf(const std::vector<Receipt>& receipts)
{
    std::vector<MessageId> ids;
    for (const Receipt& receipt : receipts)
        ids.push_back(receipt.message);
    return ids;
}

} // namespace coldframe::engine::test
