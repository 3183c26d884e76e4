#pragma once

#include "harness.h"

// The bench of engine tests with a queue, its dead-letter queue, and a mapping for the function.
namespace coldframe::engine::test {

inline Configuration oneQueue(QueueRules queue = {}, MappingRules mapping = {})
{
    Configuration c = oneFunction();
    c.queues = {queue, {.fifo = queue.fifo}};
    c.mappings = {mapping};
    return c;
}

class QueueHarness : public Harness {
public:
    explicit QueueHarness(Configuration c = oneQueue()) : Harness(std::move(c)) { }

    MessageId send(std::int64_t ms, MessageSent message = {})
    {
        step(at(ms), message);
        return only<Enqueue>().message;
    }
    /// What is due up to and including then happens.
    void pass(std::int64_t ms) { step(at(ms) + 1ns, Tick{}); }

    /// The batch that the last step started or dispatched is at work; not before that step.
    InstanceId begin(std::int64_t ms)
    {
        const TimePoint when = std::max(at(ms), engine.now());
        if (!all<Start>().empty()) {
            const InstanceId id = only<Start>().instance;
            step(when, InitStarted{id});
            step(when, Ready{id});
        }
        const Dispatch dispatch = only<Dispatch>();
        batch = dispatch.invocation;
        step(when, WorkStarted{dispatch.instance});
        return dispatch.instance;
    }
    std::vector<MessageId> messagesOf(const std::vector<Receive>& receives) const
    {
        std::vector<MessageId> ids;
        for (const Receive& receive : receives)
            ids.push_back(receive.message);
        return ids;
    }
    /// Those of the last step's actions.
    std::vector<MessageId> receivedNow() const { return messagesOf(all<Receive>()); }
    std::vector<MessageId> droppedNow() const
    {
        std::vector<MessageId> ids;
        for (const Drop& drop : all<Drop>())
            ids.push_back(drop.message);
        return ids;
    }
    std::vector<MessageId> returnedNow() const
    {
        std::vector<MessageId> ids;
        for (const Return& back : all<Return>())
            ids.push_back(back.message);
        return ids;
    }

    InvocationId batch; ///< that begin() found
};

} // namespace coldframe::engine::test
