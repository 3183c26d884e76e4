#include "live/driver.h"
#include "model/batch_answer.h"

// Batches of messages, which the engine makes itself.
namespace coldframe::live {

/// Those of a batch come before anything else is asked for it, and make its event.
void Driver::carryOut(const engine::Receive& action)
{
    m_keeper->received(action);
    if (action.invocation.serial == 0)
        return;
    const InvocationId id = action.invocation;
    if (id.slot >= m_events.size())
        m_events.resize(id.slot + 1);
    Holding& holding = m_events[id.slot];
    if (holding.serial != id.serial) {
        holding = {id.serial, {}};
        holding.event.id = id;
        holding.event.mapping = action.mapping;
        holding.event.function = m_engine.configuration().mappings[action.mapping].function;
        holding.event.acceptedAt = m_engine.now();
        ++m_pending;
    }
    holding.event.items.push_back({action, {}});
}

/// Its messages are read once it is known that somebody needs them.
void Driver::fillBatch(Event& event)
{
    if (!event.items.empty() && !event.body)
        m_keeper->makeBatch(event);
}

void Driver::carryOut(const engine::BatchEnded& action)
{
    Event& event = eventOf(action.invocation);
    m_keeper->ended(action, event);
    forget(action.invocation);
}

/// Reads what the answer says of its batch's messages, where answers do.
engine::WorkStatus Driver::tellFailedItems(InvocationId id, const HostResult& result)
{
    Event* event = findEvent(id);
    if (event && !event->batchProblem.empty())
        return engine::WorkStatus::InvalidBatchAnswer; // it was not given all of its messages
    if (!event || event->items.empty()
        || !m_engine.configuration().mappings[event->mapping].reportItemFailures)
        return result.status;
    std::vector<std::string> ids;
    for (const BatchItem& item : event->items)
        ids.push_back(item.id);
    BatchAnswer answer = readBatchAnswer(result.payload, ids);
    event->batchProblem = std::move(answer.problem);
    if (answer.kind == BatchAnswer::Kind::Unusable)
        return engine::WorkStatus::InvalidBatchAnswer;
    if (answer.kind == BatchAnswer::Kind::AllSucceeded)
        return result.status;
    for (const std::size_t failed : answer.failed)
        feed(engine::BatchItemFailed{id, event->items[failed].receive.message});
    return engine::WorkStatus::SomeItemsFailed;
}

} // namespace coldframe::live
