#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/input.h"
#include "journal/queued_message.h"
#include "patterns/event_filter.h"
#include "session/queue_plan.h"

namespace coldframe::session {

/// The filters of triggers that read queues. A pattern is held against the message's record, with
/// its body as JSON when it is some. Each filter has a bit of its own in the verdict, so that it
/// holds in whatever queue the message comes to lie.
/// Source: docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering, read 2026-11.
class QueueFilters {
public:
    /// Takes over those of a workspace and says in the mappings which has which; the queues whose
    /// messages are to be judged anew, before the mappings take effect.
    std::vector<QueueId> adopt(const QueuePlan& plan, const Workspace& workspace,
                               std::vector<engine::MappingRules>& mappings);
    /// Of a message, those that patterns are held against: what it has when it is sent. So neither
    /// its receipt handle, nor how often and when it was received.
    static const std::vector<std::string>& keys();
    /// Whether a message in that queue may meet a filter, there or where it is given up.
    bool has(QueueId queue) const { return queue < m_met.size() && !m_met[queue].empty(); }
    /// By all of them. `fifo`: as events of such queues show it.
    engine::Unwanted judge(const journal::QueuedMessage& message, bool fifo) const;

private:
    struct Filter {
        std::string text; ///< empty: the bit is free
        std::optional<patterns::EventFilter> pattern;
    };
    std::size_t placeOf(const std::string& text, const std::vector<std::string>& wanted);

    std::array<Filter, engine::kMostFilters> m_filters; ///< by bit
    std::vector<std::vector<std::string>> m_met; ///< by QueueId: filters with their bits
};

} // namespace coldframe::session
