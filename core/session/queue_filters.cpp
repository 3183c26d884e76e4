#include "session/queue_filters.h"

#include <nlohmann/json.hpp>

#include "model/json_depth.h"
#include "s3/digest.h"
#include "sources/queue_event.h"

namespace coldframe::session {

namespace {

nlohmann::json recordToJudge(const journal::QueuedMessage& message, bool fifo)
{
    const auto sent = message.sentAt.time_since_epoch() / std::chrono::milliseconds(1);
    nlohmann::json system{{"SenderId", sources::kQueueSender},
                          {"SentTimestamp", std::to_string(sent)}};
    if (fifo || !message.group.empty())
        system["MessageGroupId"] = message.group;
    if (fifo) {
        system["MessageDeduplicationId"] = message.deduplication;
        system["SequenceNumber"] = sources::queueSequence(message.key);
    }
    auto body = isTooDeep(message.body) ? nlohmann::json(message.body)
                                        : nlohmann::json::parse(message.body, nullptr, false);
    auto attributes = nlohmann::json::parse(message.attributes, nullptr, false);
    return {{"messageId", message.messageId},
            {"body", body.is_discarded() ? nlohmann::json(message.body) : std::move(body)},
            {"messageAttributes",
             attributes.is_discarded() ? nlohmann::json::object() : std::move(attributes)},
            {"attributes", std::move(system)},
            {"md5OfBody", s3::hexMd5(message.body)},
            {"eventSource", "aws:sqs"},
            {"eventSourceARN", sources::queueArn(message.queue, fifo)},
            {"awsRegion", sources::EventOrigin().region}};
}

} // namespace

const std::vector<std::string>& QueueFilters::keys()
{
    static const std::vector<std::string> names{"messageId",         "body",      "attributes",
                                                "messageAttributes", "md5OfBody", "eventSource",
                                                "eventSourceARN",    "awsRegion"};
    return names;
}

std::vector<QueueId> QueueFilters::adopt(const QueuePlan& plan, const Workspace& workspace)
{
    std::vector<Queue> fresh(plan.size());
    for (MappingId mapping = 0; mapping < plan.mappings(); ++mapping) {
        const Trigger* trigger = workspace.findTrigger(plan.trigger(mapping));
        Queue& queue = fresh[plan.queueOf(mapping)];
        queue.fifo = plan.isFifo(plan.queueOf(mapping));
        queue.texts.push_back(trigger ? trigger->filter : std::string());
        queue.filters.emplace_back();
        if (queue.texts.back().empty())
            continue;
        // One that cannot be read refuses the workspace: see readWorkspaceToRun().
        queue.filters.back() = patterns::EventFilter::parse(queue.texts.back(), {}).filter;
        queue.any = true;
    }
    std::vector<QueueId> changed;
    m_queues.resize(plan.size());
    for (QueueId id = 0; id < fresh.size(); ++id)
        if (fresh[id].texts != m_queues[id].texts && (fresh[id].any || m_queues[id].any))
            changed.push_back(id);
    m_queues = std::move(fresh);
    return changed;
}

engine::Unwanted QueueFilters::judge(QueueId queue, const journal::QueuedMessage& message) const
{
    if (!has(queue))
        return 0;
    const auto& filters = m_queues[queue].filters;
    const nlohmann::json record = recordToJudge(message, m_queues[queue].fifo);
    unsigned unwanted = 0;
    for (std::size_t place = 0; place < std::min(filters.size(), engine::kMostFilters); ++place)
        if (filters[place] && !filters[place]->matches(record))
            unwanted |= 1U << place;
    return static_cast<engine::Unwanted>(unwanted);
}

} // namespace coldframe::session
