#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace coldframe::sqs {

/// A refusal in the words of Amazon SQS. Shapes, codes and statuses: Amazon SQS API reference,
/// "Common errors" and the actions, read 2026-11; messages as observed in public bug reports and in
/// LocalStack's recorded answers (2022 to 2025).
struct SqsError {
    int status = 400;
    std::string_view shape; ///< JSON protocol: "com.amazonaws.sqs#QueueDoesNotExist"
    std::string_view code; ///< Query protocol, entries of batches: "InvalidParameterValue"
    std::string message;
    bool ownFault = false; ///< of the server, not of who sends
};

template <typename T> using Expected = tl::expected<T, SqsError>;

SqsError queueDoesNotExist(std::string_view why);
SqsError missingParameter(std::string_view name);
SqsError invalidParameter(std::string message);
/// "Value V for parameter P is invalid. Reason: R."
SqsError invalidValue(std::string_view value, std::string_view parameter, std::string_view reason);
SqsError invalidAttributeName(std::string_view name);
SqsError invalidMessageContents(std::string message);
SqsError receiptHandleIsInvalid(std::string_view handle);
SqsError messageNotInflight(std::string_view handle);
SqsError unsupportedOperation(std::string message);
SqsError queueNameExists(std::string_view attribute);
SqsError overLimit(std::string message);

SqsError emptyBatch(std::string_view entry);
SqsError tooManyEntries(std::size_t count, std::size_t most);
SqsError invalidBatchEntryId();
SqsError idsNotDistinct(std::string_view id);
SqsError batchTooLong(std::size_t bytes, std::size_t most);

SqsError invalidAction(std::string_view action);
SqsError malformedInput(std::string message);
SqsError accessDenied(std::string message);
SqsError internalError(std::string message);

} // namespace coldframe::sqs
