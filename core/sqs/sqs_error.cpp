#include "sqs/sqs_error.h"

#include <fmt/format.h>

#include "model/utf8.h"

namespace coldframe::sqs {

namespace {

/// What a caller sent, short enough for a message, and always text.
std::string quotedPart(std::string_view text)
{
    constexpr std::size_t kMost = 200;
    std::string part;
    for (std::size_t i = 0; i < text.size() && part.size() < kMost;) {
        const std::size_t length = utf8Length(text, i);
        const bool shows = length > 1 || (length == 1 && text[i] >= ' ' && text[i] != 0x7f);
        part += shows ? text.substr(i, length) : std::string_view("\xef\xbf\xbd");
        i += length == 0 ? 1 : length;
    }
    return part.size() >= kMost ? part + "…" : part;
}

} // namespace

SqsError queueDoesNotExist(std::string_view why)
{
    return {400, "com.amazonaws.sqs#QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue",
            fmt::format("The specified queue does not exist: {}.", why)};
}

SqsError missingParameter(std::string_view name)
{
    return {400, "com.amazon.coral.service#MissingRequiredParameterException", "MissingParameter",
            fmt::format("The request must contain the parameter {}.", name)};
}

SqsError invalidParameter(std::string message)
{
    return {400, "com.amazon.coral.service#InvalidParameterValueException", "InvalidParameterValue",
            std::move(message)};
}

SqsError invalidValue(std::string_view value, std::string_view parameter, std::string_view reason)
{
    return invalidParameter(fmt::format("Value {} for parameter {} is invalid. Reason: {}.",
                                        quotedPart(value), parameter, reason));
}

SqsError invalidAttributeName(std::string_view name)
{
    return {400, "com.amazonaws.sqs#InvalidAttributeName", "InvalidAttributeName",
            fmt::format("Unknown Attribute {}.", quotedPart(name))};
}

SqsError invalidMessageContents(std::string message)
{
    return {400, "com.amazonaws.sqs#InvalidMessageContents", "InvalidMessageContents",
            std::move(message)};
}

SqsError receiptHandleIsInvalid(std::string_view handle)
{
    return {404, "com.amazonaws.sqs#ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid",
            fmt::format("The input receipt handle \"{}\" is not a valid receipt handle.",
                        quotedPart(handle))};
}

SqsError messageNotInflight(std::string_view handle)
{
    return {400, "com.amazonaws.sqs#MessageNotInflight",
            "AWS.SimpleQueueService.MessageNotInflight",
            fmt::format("The message of the receipt handle \"{}\" is not in flight: its visibility "
                        "timeout is over.",
                        quotedPart(handle))};
}

SqsError unsupportedOperation(std::string message)
{
    return {400, "com.amazonaws.sqs#UnsupportedOperation",
            "AWS.SimpleQueueService.UnsupportedOperation", std::move(message)};
}

SqsError queueNameExists(std::string_view attribute)
{
    return {400, "com.amazonaws.sqs#QueueNameExists", "QueueAlreadyExists",
            fmt::format("A queue already exists with the same name and a different value for "
                        "attribute {}",
                        attribute)};
}

SqsError overLimit(std::string message)
{
    return {403, "com.amazonaws.sqs#OverLimit", "OverLimit", std::move(message)};
}

SqsError emptyBatch(std::string_view entry)
{
    return {400, "com.amazonaws.sqs#EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest",
            fmt::format("There should be at least one {} in the request.", entry)};
}

SqsError tooManyEntries(std::size_t count, std::size_t most)
{
    return {400, "com.amazonaws.sqs#TooManyEntriesInBatchRequest",
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            fmt::format("Maximum number of entries per request are {}. You have sent {}.", most,
                        count)};
}

SqsError invalidBatchEntryId()
{
    return {
        400, "com.amazonaws.sqs#InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It "
        "can be at most 80 letters long."};
}

SqsError idsNotDistinct(std::string_view id)
{
    return {400, "com.amazonaws.sqs#BatchEntryIdsNotDistinct",
            "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", fmt::format("Id {} repeated.", id)};
}

SqsError batchTooLong(std::size_t bytes, std::size_t most)
{
    return {400, "com.amazonaws.sqs#BatchRequestTooLong",
            "AWS.SimpleQueueService.BatchRequestTooLong",
            fmt::format("Batch requests cannot be longer than {} bytes. You have sent {} bytes.",
                        most, bytes)};
}

SqsError invalidAction(std::string_view action)
{
    return {400, "com.amazon.coral.service#UnknownOperationException", "InvalidAction",
            fmt::format("The action \"{}\" is none of Amazon SQS.", quotedPart(action))};
}

SqsError malformedInput(std::string message)
{
    return {400, "com.amazon.coral.service#SerializationException", "MalformedInput",
            std::move(message)};
}

SqsError accessDenied(std::string message)
{
    return {403, "com.amazon.coral.service#AccessDeniedException", "AccessDenied",
            std::move(message)};
}

SqsError internalError(std::string message)
{
    return {500, "com.amazon.coral.service#InternalFailure", "InternalFailure", std::move(message),
            true};
}

} // namespace coldframe::sqs
