#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/input.h"
#include "journal/queued_message.h"
#include "patterns/event_filter.h"
#include "session/queue_plan.h"

namespace coldframe::session {

/// The filters of triggers that read queues. A pattern is held against the message's record, with
/// its body as JSON when it is some.
/// Source: docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering, read 2026-11.
class QueueFilters {
public:
    /// Takes over those of a workspace; the queues whose messages are to be judged anew.
    std::vector<QueueId> adopt(const QueuePlan& plan, const Workspace& workspace);
    /// Of a message, those that patterns are held against: what it has when it is sent. So neither
    /// its receipt handle, nor how often and when it was received.
    static const std::vector<std::string>& keys();
    bool has(QueueId queue) const { return queue < m_queues.size() && m_queues[queue].any; }
    engine::Unwanted judge(QueueId queue, const journal::QueuedMessage& message) const;

private:
    struct Queue {
        std::vector<std::string> texts; ///< of its mappings, in order
        std::vector<std::optional<patterns::EventFilter>> filters; ///< likewise
        bool any = false;
        bool fifo = false;
    };
    std::vector<Queue> m_queues; ///< by QueueId
};

} // namespace coldframe::session
