#include "sqs/queue_attributes.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sqs/command.h"
#include "sqs/message_text.h"
#include "sqs/queue_url.h"

namespace coldframe::sqs {

namespace {

/// Amazon SQS API reference, GetQueueAttributes, read 2026-11.
constexpr std::array<std::string_view, 22> kQueueAttributes{
    "All",
    "Policy",
    "VisibilityTimeout",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
    "ApproximateNumberOfMessagesDelayed",
    "DelaySeconds",
    "ReceiveMessageWaitTimeSeconds",
    "RedrivePolicy",
    "FifoQueue",
    "ContentBasedDeduplication",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "DeduplicationScope",
    "FifoThroughputLimit",
    "RedriveAllowPolicy",
    "SqsManagedSseEnabled",
};
/// Likewise, ReceiveMessage.
constexpr std::array<std::string_view, 10> kSystemAttributes{
    "All",
    "SenderId",
    "SentTimestamp",
    "ApproximateReceiveCount",
    "ApproximateFirstReceiveTimestamp",
    "SequenceNumber",
    "MessageDeduplicationId",
    "MessageGroupId",
    "AWSTraceHeader",
    "DeadLetterQueueSourceArn",
};

std::string secondsText(Duration duration)
{
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

QueueAttributes allOf(const QueueFacts& queue)
{
    const std::string since = secondsText(queue.since.time_since_epoch());
    QueueAttributes all{
        {"QueueArn", queueArn(queue.name)},
        {"ApproximateNumberOfMessages", std::to_string(queue.visible)},
        {"ApproximateNumberOfMessagesNotVisible", std::to_string(queue.inFlight)},
        {"ApproximateNumberOfMessagesDelayed", std::to_string(queue.delayed)},
        {"CreatedTimestamp", since},
        {"LastModifiedTimestamp", since},
        {"VisibilityTimeout", secondsText(queue.visibility)},
        {"MaximumMessageSize", std::to_string(kMostMessageBytes)},
        {"MessageRetentionPeriod", secondsText(queue.retention)},
        {"DelaySeconds", secondsText(queue.delay)},
        {"ReceiveMessageWaitTimeSeconds", "0"},
        {"SqsManagedSseEnabled", "false"},
    };
    if (queue.maxReceives > 0)
        all.emplace_back("RedrivePolicy",
                         fmt::format(R"({{"deadLetterTargetArn":"{}","maxReceiveCount":{}}})",
                                     queueArn(queue.deadLetters), queue.maxReceives));
    if (queue.fifo) {
        all.emplace_back("FifoQueue", "true");
        all.emplace_back("ContentBasedDeduplication",
                         queue.contentDeduplication ? "true" : "false");
        all.emplace_back("DeduplicationScope", "queue");
        all.emplace_back("FifoThroughputLimit", "perQueue");
    }
    return all;
}

/// Whether two texts are the same policy: clients write its count as a number or as a text.
bool isSamePolicy(const std::string& own, const std::string& wanted)
{
    using nlohmann::json;
    const auto read = [](const std::string& text) {
        const json policy = json::parse(text, nullptr, false);
        const auto of = [&](const char* key) {
            const json value = policy.is_object() ? policy.value(key, json()) : json();
            return value.is_string() ? value.get<std::string>() : value.dump();
        };
        return std::pair(of("deadLetterTargetArn"), of("maxReceiveCount"));
    };
    return read(own) == read(wanted);
}

SqsError notForThisKind(std::string_view value, std::string_view parameter)
{
    return invalidValue(value, parameter,
                        "The request include parameter that is not valid for this queue type");
}

} // namespace

QueueAttributes attributesOf(const QueueFacts& queue, const std::vector<std::string>& names)
{
    QueueAttributes all = allOf(queue);
    if (std::ranges::find(names, "All") == names.end())
        std::erase_if(all, [&](const auto& attribute) {
            return std::ranges::find(names, attribute.first) == names.end();
        });
    return all;
}

std::optional<SqsError> differenceFrom(const QueueFacts& queue, const QueueAttributes& wanted)
{
    constexpr std::array<std::string_view, 7> kCompared{
        "VisibilityTimeout",  "MessageRetentionPeriod",    "DelaySeconds", "FifoQueue",
        "DeduplicationScope", "ContentBasedDeduplication", "RedrivePolicy"};
    const QueueAttributes all = allOf(queue);
    for (const auto& [name, value] : wanted) {
        if (std::ranges::find(kCompared, name) == kCompared.end())
            continue;
        const auto own = std::ranges::find(all, name, &QueueAttributes::value_type::first);
        const bool same = own == all.end() ? value == "false" || value.empty()
            : name == "RedrivePolicy"      ? isSamePolicy(own->second, value)
                                           : own->second == value;
        if (!same)
            return queueNameExists(name);
    }
    return std::nullopt;
}

std::optional<SqsError> problemOf(const Draft& draft, const QueueFacts& queue)
{
    if (!queue.fifo)
        return draft.deduplication.empty()
            ? std::nullopt
            : std::optional(notForThisKind(draft.deduplication, "MessageDeduplicationId"));
    if (draft.group.empty())
        return missingParameter("MessageGroupId");
    if (draft.deduplication.empty() && !queue.contentDeduplication)
        return invalidParameter("The queue should either have ContentBasedDeduplication enabled or "
                                "MessageDeduplicationId provided explicitly");
    if (draft.delay && draft.delay->count() > 0)
        return notForThisKind(std::to_string(draft.delay->count()), "DelaySeconds");
    return std::nullopt;
}

bool isQueueAttribute(std::string_view name)
{
    return std::ranges::find(kQueueAttributes, name) != kQueueAttributes.end();
}

bool isSystemAttribute(std::string_view name)
{
    return std::ranges::find(kSystemAttributes, name) != kSystemAttributes.end();
}

} // namespace coldframe::sqs
