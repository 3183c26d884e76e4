#include "sqs/read_batch.h"

#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sqs/message_text.h"

namespace coldframe::sqs {

namespace {

using nlohmann::json;

std::string fifoIdIn(FieldReader& in, const char* name)
{
    std::string id = in.text(name);
    if (!id.empty() && !isFifoId(id))
        in.fail(invalidValue(id, name,
                             fmt::format("{} can only include alphanumeric and punctuation "
                                         "characters. 1 to 128 in length",
                                         name)));
    return id;
}

MessageAttributes attributesIn(FieldReader& in, const char* name)
{
    const json* given = in.find(name);
    auto read = given ? readAttributes(*given) : MessageAttributes{};
    if (!read) {
        in.fail(read.error());
        return {};
    }
    return std::move(*read);
}

std::size_t bytesOf(const Draft& draft)
{
    return draft.body.size() + bytesOf(draft.attributes);
}

Draft readDraft(FieldReader& in)
{
    Draft draft{.body = in.requiredText("MessageBody")};
    if (const auto forbidden = forbiddenCharacter(draft.body))
        in.fail(invalidMessageContents(*forbidden + "."));
    draft.attributes = attributesIn(in, "MessageAttributes");
    draft.system = attributesIn(in, "MessageSystemAttributes");
    for (const auto& [name, attribute] : draft.system)
        if (name != "AWSTraceHeader" || attribute.type != "String")
            in.fail(invalidParameter(
                fmt::format("Message system attribute name '{}' is invalid: AWSTraceHeader of the "
                            "type String is the only one.",
                            name)));
    if (const auto delay
        = in.number("DelaySeconds", 0, kMostDelay.count(), "DelaySeconds must be >= 0 and <= 900"))
        draft.delay = std::chrono::seconds(*delay);
    draft.group = fifoIdIn(in, "MessageGroupId");
    draft.deduplication = fifoIdIn(in, "MessageDeduplicationId");
    if (bytesOf(draft) > kMostMessageBytes)
        in.fail(invalidParameter(
            fmt::format("One or more parameters are invalid. Reason: Message must be shorter than "
                        "{} bytes.",
                        kMostMessageBytes)));
    return draft;
}

std::string requiredHandle(FieldReader& in)
{
    return in.requiredText("ReceiptHandle");
}

VisibilityChange readChange(FieldReader& in)
{
    VisibilityChange change{.handle = requiredHandle(in)};
    const auto timeout
        = in.number("VisibilityTimeout", 0, kMostVisibility.count(), kVisibilityReason);
    if (timeout)
        change.timeout = std::chrono::seconds(*timeout);
    else
        in.fail(missingParameter("VisibilityTimeout"));
    return change;
}

template <typename Read> auto readOne(FieldReader& in, Read read)
{
    using Content = decltype(read(in));
    std::vector<Entry<Content>> entries;
    entries.push_back({{}, read(in)}); // its error is that of the request
    return entries;
}

std::string idOf(const json& entry)
{
    const auto id = entry.is_object() ? entry.find("Id") : entry.end();
    const auto* text = id != entry.end() ? id->get_ptr<const json::string_t*>() : nullptr;
    return text ? *text : std::string();
}

/// What keeps a batch from being looked at entry by entry.
std::optional<SqsError> problemOfBatch(const json* list, std::string_view entryName)
{
    if (!list || (list->is_array() && list->empty()))
        return emptyBatch(entryName);
    if (!list->is_array())
        return malformedInput("Entries must be a list.");
    if (list->size() > kMostEntries)
        return tooManyEntries(list->size(), kMostEntries);
    std::set<std::string> ids;
    for (const json& entry : *list) {
        if (!entry.is_object())
            return malformedInput("Each of the Entries must be an object.");
        std::string id = idOf(entry);
        if (!isEntryId(id))
            return invalidBatchEntryId();
        if (!ids.insert(id).second)
            return idsNotDistinct(id);
    }
    return std::nullopt;
}

template <typename Read> auto readBatch(FieldReader& in, std::string_view entryName, Read read)
{
    using Content = decltype(read(in));
    std::vector<Entry<Content>> entries;
    const json* list = in.find("Entries");
    if (auto problem = problemOfBatch(list, entryName)) {
        in.fail(std::move(*problem));
        return entries;
    }
    for (const json& given : *list) {
        FieldReader fields(given);
        Expected<Content> content = read(fields);
        if (fields.error())
            content = tl::unexpected(*fields.error());
        entries.push_back({idOf(given), std::move(content)});
    }
    return entries;
}

} // namespace

std::vector<Entry<Draft>> readOneDraft(FieldReader& in)
{
    return readOne(in, readDraft);
}

std::vector<Entry<Draft>> readDrafts(FieldReader& in)
{
    auto entries = readBatch(in, "SendMessageBatchRequestEntry", readDraft);
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < entries.size(); ++i)
        bytes += entries[i].content
            ? bytesOf(*entries[i].content)
            : FieldReader((*in.find("Entries"))[i]).text("MessageBody").size();
    if (bytes > kMostMessageBytes)
        in.fail(batchTooLong(bytes, kMostMessageBytes));
    return entries;
}

std::vector<Entry<std::string>> readOneHandle(FieldReader& in)
{
    return readOne(in, requiredHandle);
}

std::vector<Entry<std::string>> readHandles(FieldReader& in)
{
    return readBatch(in, "DeleteMessageBatchRequestEntry", requiredHandle);
}

std::vector<Entry<VisibilityChange>> readOneChange(FieldReader& in)
{
    return readOne(in, readChange);
}

std::vector<Entry<VisibilityChange>> readChanges(FieldReader& in)
{
    return readBatch(in, "ChangeMessageVisibilityBatchRequestEntry", readChange);
}

} // namespace coldframe::sqs
