#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "sqs/sqs_error.h"

namespace coldframe::sqs {

/// What is sent with a message beside its body.
struct MessageAttribute {
    std::string type; ///< "String", "Number", "Binary", each with or without ".label"
    std::string value; ///< of Binary: the bytes
    bool binary = false;
    bool operator==(const MessageAttribute&) const = default;
};
/// By name, in the order of their digest.
using MessageAttributes = std::map<std::string, MessageAttribute, std::less<>>;

/// As in requests: {"NAME": {"DataType": "String", "StringValue": "…"}}, BinaryValue in base64.
/// Errors: any that SQS would refuse, in its words.
Expected<MessageAttributes> readAttributes(const nlohmann::json& given);
/// As in answers: likewise.
nlohmann::ordered_json toJson(const MessageAttributes& attributes);

/// As events of functions have them, and as queues keep them: {"NAME": {"stringValue": "…",
/// "stringListValues": [], "binaryListValues": [], "dataType": "String"}}. Empty when there are
/// none.
std::string toEventText(const MessageAttributes& attributes);
/// The reverse. What is not of that form is left out.
MessageAttributes fromEventText(const std::string& text);

/// Of names, types and values, as they count for the size of a message.
std::size_t bytesOf(const MessageAttributes& attributes);

/// Those that a receiver asks for by name: "NAME", "PREFIX.*", "All", ".*" or "*".
MessageAttributes selected(const MessageAttributes& attributes,
                           const std::vector<std::string>& names);

} // namespace coldframe::sqs
