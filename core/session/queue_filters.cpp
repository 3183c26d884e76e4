#include "session/queue_filters.h"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/json_depth.h"
#include "model/workspace_limits.h"
#include "s3/digest.h"
#include "sources/queue_event.h"

namespace coldframe::session {

static_assert(kMostQueueFilters == engine::kMostFilters);

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
        system["SequenceNumber"] = sources::queueSequence(message.sequence);
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

/// A text keeps its bit while it is wanted. A new one gets a bit that is free, or else one of a
/// text that is wanted no longer: until the mappings take effect, some go by the old ones.
std::size_t QueueFilters::placeOf(const std::string& text, const std::vector<std::string>& wanted)
{
    auto at = std::ranges::find(m_filters, text, &Filter::text);
    if (at == m_filters.end()) {
        at = std::ranges::find(m_filters, std::string(), &Filter::text);
        if (at == m_filters.end())
            at = std::ranges::find_if(m_filters, [&](const Filter& filter) {
                return std::ranges::find(wanted, filter.text) == wanted.end();
            });
        assert(at != m_filters.end() && "the workspace has kMostQueueFilters at most");
        // One that cannot be read refuses the workspace: see readWorkspaceToRun().
        *at = {text, patterns::EventFilter::parse(text, {}).filter};
    }
    return static_cast<std::size_t>(at - m_filters.begin());
}

std::vector<QueueId> QueueFilters::adopt(const QueuePlan& plan, const Workspace& workspace,
                                         std::vector<engine::MappingRules>& mappings)
{
    std::vector<std::string> wanted(plan.mappings());
    for (MappingId mapping = 0; mapping < wanted.size(); ++mapping)
        if (const Trigger* trigger = workspace.findTrigger(plan.trigger(mapping)))
            wanted[mapping] = trigger->filter;
    std::vector<std::vector<std::string>> over(plan.size()); // each queue itself
    for (MappingId mapping = 0; mapping < wanted.size(); ++mapping) {
        mappings[mapping].filter = 0;
        if (wanted[mapping].empty())
            continue;
        const std::size_t place = placeOf(wanted[mapping], wanted);
        mappings[mapping].filter = engine::Unwanted{1} << place;
        over[plan.queueOf(mapping)].push_back(fmt::format("{} {}", place, wanted[mapping]));
    }
    for (Filter& filter : m_filters)
        if (std::ranges::find(wanted, filter.text) == wanted.end())
            filter = {};

    std::vector<std::vector<std::string>> met(plan.size());
    std::vector<QueueId> changed;
    m_met.resize(plan.size());
    for (QueueId id = 0; id < met.size(); ++id) {
        QueueId on = id; // and where its messages are given up, and so on
        for (std::size_t steps = 0; on != kNoQueue && steps < met.size(); ++steps) {
            met[id].insert(met[id].end(), over[on].begin(), over[on].end());
            on = plan.rules(on).deadLetters;
        }
        if (met[id] != m_met[id])
            changed.push_back(id);
    }
    m_met = std::move(met);
    return changed;
}

engine::Unwanted QueueFilters::judge(const journal::QueuedMessage& message, bool fifo) const
{
    const nlohmann::json record = recordToJudge(message, fifo);
    engine::Unwanted unwanted = 0;
    for (std::size_t place = 0; place < m_filters.size(); ++place)
        if (m_filters[place].pattern && !m_filters[place].pattern->matches(record))
            unwanted |= engine::Unwanted{1} << place;
    return unwanted;
}

} // namespace coldframe::session
