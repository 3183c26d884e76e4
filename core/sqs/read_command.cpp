#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/base64.h"
#include "sqs/command.h"
#include "sqs/field_reader.h"
#include "sqs/message_text.h"
#include "sqs/queue_attributes.h"
#include "sqs/queue_url.h"
#include "sqs/read_batch.h"

namespace coldframe::sqs {

namespace {

using nlohmann::json;

std::string queueOf(FieldReader& in)
{
    const std::string url = in.text("QueueUrl");
    auto name = queueNameOf(url);
    if (!name)
        in.fail(queueDoesNotExist(url.empty() ? "the request has no QueueUrl"
                                              : "its QueueUrl is not of the form "
                                                "http://127.0.0.1:PORT/000000000000/NAME"));
    return name.value_or(std::string());
}

std::string nameIn(FieldReader& in)
{
    std::string name = in.text("QueueName");
    if (!isQueueName(name))
        in.fail(invalidParameter("Can only include alphanumeric characters, hyphens, or "
                                 "underscores. 1 to 80 in length"));
    return name;
}

std::optional<std::chrono::seconds> secondsIn(FieldReader& in, std::string_view name,
                                              std::int64_t most, std::string_view reason)
{
    const auto number = in.number(name, 0, most, reason);
    return number ? std::optional(std::chrono::seconds(*number)) : std::nullopt;
}

ReceiveMessages readReceive(FieldReader& in)
{
    ReceiveMessages receive{.queue = queueOf(in)};
    if (const auto most = in.number("MaxNumberOfMessages", 1, kMostEntries,
                                    "Must be between 1 and 10, if provided"))
        receive.most = static_cast<std::uint32_t>(*most);
    receive.wait = secondsIn(in, "WaitTimeSeconds", kMostWait.count(),
                             "Must be >= 0 and <= 20, if provided");
    receive.visibility
        = secondsIn(in, "VisibilityTimeout", kMostVisibility.count(), kVisibilityReason);
    receive.systemAttributes = in.texts("AttributeNames"); // as it was called before 2024
    for (std::string& name : in.texts("MessageSystemAttributeNames"))
        receive.systemAttributes.push_back(std::move(name));
    for (const std::string& name : receive.systemAttributes)
        if (!isSystemAttribute(name))
            in.fail(invalidAttributeName(name));
    receive.attributes = in.texts("MessageAttributeNames");
    return receive;
}

GetQueueAttributes readGetAttributes(FieldReader& in)
{
    GetQueueAttributes get{.queue = queueOf(in), .names = in.texts("AttributeNames")};
    for (const std::string& name : get.names)
        if (!isQueueAttribute(name))
            in.fail(invalidAttributeName(name));
    return get;
}

CreateQueue readCreate(FieldReader& in)
{
    CreateQueue create{.queue = nameIn(in), .attributes = {}};
    const json* attributes = in.find("Attributes");
    if (attributes && !attributes->is_object())
        in.fail(malformedInput("Attributes must be an object."));
    else if (attributes)
        for (const auto& [name, value] : attributes->items()) {
            if (!isQueueAttribute(name) || name == "All")
                in.fail(invalidAttributeName(name));
            else if (const auto* text = value.get_ptr<const json::string_t*>())
                create.attributes.emplace_back(name, *text);
            else
                in.fail(malformedInput(fmt::format("The attribute {} must be a text.", name)));
        }
    return create;
}

ListQueues readList(FieldReader& in)
{
    constexpr std::int64_t kMostResults = 1000;
    ListQueues list{.prefix = in.text("QueueNamePrefix"), .after = {}};
    if (const auto most
        = in.number("MaxResults", 1, kMostResults, "Must be between 1 and 1000, if provided")) {
        list.most = static_cast<std::size_t>(*most);
        list.paged = true;
    }
    if (const std::string token = in.text("NextToken"); !token.empty()) {
        auto after = fromBase64(token);
        if (!after || !isQueueName(*after))
            in.fail(invalidValue(token, "NextToken", "It is none of an earlier answer"));
        else
            list.after = std::move(*after);
    }
    return list;
}

using Read = Command (*)(FieldReader&);
struct ActionReader {
    std::string_view name;
    Read read; ///< null: Amazon SQS has it, but it is not served
};
constexpr std::array<ActionReader, 23> kActions{{
    {"SendMessage",
     [](FieldReader& in) -> Command {
         return SendMessages{queueOf(in), readOneDraft(in)};
     }},
    {"SendMessageBatch",
     [](FieldReader& in) -> Command {
         return SendMessages{queueOf(in), readDrafts(in)};
     }},
    {"ReceiveMessage", [](FieldReader& in) -> Command { return readReceive(in); }},
    {"DeleteMessage",
     [](FieldReader& in) -> Command {
         return DeleteMessages{queueOf(in), readOneHandle(in)};
     }},
    {"DeleteMessageBatch",
     [](FieldReader& in) -> Command {
         return DeleteMessages{queueOf(in), readHandles(in)};
     }},
    {"ChangeMessageVisibility",
     [](FieldReader& in) -> Command {
         return ChangeVisibility{queueOf(in), readOneChange(in)};
     }},
    {"ChangeMessageVisibilityBatch",
     [](FieldReader& in) -> Command {
         return ChangeVisibility{queueOf(in), readChanges(in)};
     }},
    {"GetQueueUrl", [](FieldReader& in) -> Command { return GetQueueUrl{nameIn(in)}; }},
    {"GetQueueAttributes", [](FieldReader& in) -> Command { return readGetAttributes(in); }},
    {"SetQueueAttributes",
     [](FieldReader& in) -> Command { return SetQueueAttributes{queueOf(in)}; }},
    {"PurgeQueue", [](FieldReader& in) -> Command { return PurgeQueue{queueOf(in)}; }},
    {"CreateQueue", [](FieldReader& in) -> Command { return readCreate(in); }},
    {"DeleteQueue", [](FieldReader& in) -> Command { return DeleteQueue{queueOf(in)}; }},
    {"ListQueues", [](FieldReader& in) -> Command { return readList(in); }},
    {"ListDeadLetterSourceQueues",
     [](FieldReader& in) -> Command { return ListDeadLetterSources{queueOf(in)}; }},
    {"AddPermission", nullptr},
    {"RemovePermission", nullptr},
    {"TagQueue", nullptr},
    {"UntagQueue", nullptr},
    {"ListQueueTags", nullptr},
    {"StartMessageMoveTask", nullptr},
    {"CancelMessageMoveTask", nullptr},
    {"ListMessageMoveTasks", nullptr},
}};

} // namespace

Expected<Command> readCommand(std::string_view action, const json& parameters)
{
    const auto* found = std::ranges::find(kActions, action, &ActionReader::name);
    if (found == kActions.end())
        return tl::unexpected(invalidAction(action));
    if (!found->read)
        return tl::unexpected(unsupportedOperation(fmt::format(
            "{} is not served here: queues and who may use them are set in coldframe.json.",
            action)));
    if (!parameters.is_object())
        return tl::unexpected(malformedInput("The body of the request must be a JSON object."));
    FieldReader in(parameters);
    Command command = found->read(in);
    if (in.error())
        return tl::unexpected(*in.error());
    return command;
}

} // namespace coldframe::sqs
