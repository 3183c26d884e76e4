#include "sqs/answers.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "sqs/digests.h"
#include "sqs/queue_url.h"

namespace coldframe::sqs {

namespace {

using nlohmann::ordered_json;

std::string millisecondsText(TimePoint time)
{
    return std::to_string(
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
}

ordered_json systemAttributesOf(const Received& message, const std::vector<std::string>& names)
{
    const bool all = std::ranges::find(names, "All") != names.end();
    ordered_json attributes = ordered_json::object();
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty() && (all || std::ranges::find(names, name) != names.end()))
            attributes[name] = value;
    };
    add("SenderId", message.sender);
    add("SentTimestamp", millisecondsText(message.sentAt));
    add("ApproximateReceiveCount", std::to_string(message.receives));
    add("ApproximateFirstReceiveTimestamp", millisecondsText(message.firstReceivedAt));
    add("SequenceNumber", message.sequenceNumber);
    add("MessageDeduplicationId", message.deduplication);
    add("MessageGroupId", message.group);
    if (!message.deadLetterOf.empty())
        add("DeadLetterQueueSourceArn", queueArn(message.deadLetterOf));
    return attributes;
}

SqsError expiredHandle(std::string_view handle)
{
    return invalidValue(handle, "ReceiptHandle", "The receipt handle has expired");
}

} // namespace

ordered_json digestsOf(const Draft& sent)
{
    ordered_json result{{"MD5OfMessageBody", md5Of(sent.body)}};
    if (!sent.attributes.empty())
        result["MD5OfMessageAttributes"] = md5Of(sent.attributes);
    if (!sent.system.empty())
        result["MD5OfMessageSystemAttributes"] = md5Of(sent.system);
    return result;
}

void addTo(ordered_json& result, const Accepted& accepted)
{
    result["MessageId"] = accepted.messageId;
    if (!accepted.sequenceNumber.empty())
        result["SequenceNumber"] = accepted.sequenceNumber;
}

ordered_json toJson(const Received& message, const ReceiveMessages& asked)
{
    ordered_json result{{"MessageId", message.messageId},
                        {"ReceiptHandle", writeHandle(message.receipt, asked.queue)},
                        {"MD5OfBody", md5Of(message.body)},
                        {"Body", message.body}};
    if (ordered_json system = systemAttributesOf(message, asked.systemAttributes); !system.empty())
        result["Attributes"] = std::move(system);
    const MessageAttributes attributes = selected(message.attributes, asked.attributes);
    if (!attributes.empty()) {
        result["MD5OfMessageAttributes"] = md5Of(attributes);
        result["MessageAttributes"] = toJson(attributes);
    }
    return result;
}

ordered_json batchResult(const EntryResults& results)
{
    ordered_json answer = ordered_json::object(); // a list without entries is left out
    for (const auto& [id, content] : results) {
        ordered_json entry{{"Id", id}};
        if (content) {
            entry.update(*content);
            answer["Successful"].push_back(std::move(entry));
        } else {
            const SqsError& error = content.error();
            entry.update({{"SenderFault", !error.ownFault},
                          {"Code", error.code},
                          {"Message", error.message}});
            answer["Failed"].push_back(std::move(entry));
        }
    }
    return answer;
}

std::optional<SqsError> problemOfDelete(ReceiptOutcome outcome, std::string_view handle)
{
    if (outcome == ReceiptOutcome::Expired)
        return expiredHandle(handle);
    return std::nullopt; // what is gone already is deleted
}

std::optional<SqsError> problemOfChange(ReceiptOutcome outcome, const VisibilityChange& change)
{
    switch (outcome) {
    case ReceiptOutcome::Done:
        break;
    case ReceiptOutcome::Gone:
        return invalidValue(change.handle, "ReceiptHandle",
                            "Message does not exist or is not available for visibility timeout "
                            "change");
    case ReceiptOutcome::Expired:
        return expiredHandle(change.handle);
    case ReceiptOutcome::NotInFlight:
        return messageNotInflight(change.handle);
    case ReceiptOutcome::TooLong:
        return invalidValue(std::to_string(change.timeout.count()), "VisibilityTimeout",
                            "Total VisibilityTimeout for the message is beyond the limit [43200 "
                            "seconds]");
    }
    return std::nullopt;
}

} // namespace coldframe::sqs
