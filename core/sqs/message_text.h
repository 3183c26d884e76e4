#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// Which texts Amazon SQS takes. Source: Amazon SQS developer guide, "Amazon SQS message quotas",
// and API reference, SendMessage; read 2026-11.
namespace coldframe::sqs {

/// Body and attributes together, of one message as of a batch, in bytes (since 2025-08; 262,144
/// before).
inline constexpr std::size_t kMostMessageBytes = 1U << 20U;
inline constexpr std::size_t kMostEntries = 10; ///< of a batch; messages of a receive
inline constexpr std::size_t kMostAttributes = 10; ///< of a message
inline constexpr std::size_t kMostNameLength = 80; ///< of queues and of entries of batches

/// What is wrong with a body or with the value of an attribute; nothing when all its characters
/// are those of XML 1.0, in UTF-8.
std::optional<std::string> forbiddenCharacter(std::string_view text);

/// Letters, digits, hyphens and underscores, 1 to 80; a queue's may end in ".fifo".
bool isEntryId(std::string_view text);
bool isQueueName(std::string_view text);
/// MessageGroupId, MessageDeduplicationId: 1 to 128 letters, digits and ASCII punctuation.
bool isFifoId(std::string_view text);
/// Name of a message attribute: 1 to 256 letters, digits, "_", "-" and "."; no dot at an end or
/// beside another, and nothing that begins with "AWS." or "Amazon.".
bool isAttributeName(std::string_view text);
/// As in attributes of the type Number: "12", "-0.5", "1e3".
bool isDecimal(std::string_view text);

} // namespace coldframe::sqs
