#pragma once

#include <string>
#include <string_view>

#include "sqs/message_attributes.h"

// Digests that SDKs hold against what they have sent and received.
namespace coldframe::sqs {

/// In lower-case hex: MD5OfMessageBody.
std::string md5Of(std::string_view bytes);
/// MD5OfMessageAttributes: over the attributes in order of name, each as name, type, kind of value
/// (1: text, 2: bytes) and value, with their lengths. Empty when there are none.
/// Source: Amazon SQS developer guide, "Calculating the MD5 message digest for message attributes",
/// read 2026-11.
std::string md5Of(const MessageAttributes& attributes);
/// In lower-case hex: what stands for MessageDeduplicationId where content counts.
std::string sha256Of(std::string_view bytes);

} // namespace coldframe::sqs
