#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "sqs/sqs_error.h"

// The older Query protocol as other writing of the JSON protocol: forms in, XML out.
namespace coldframe::sqs {

/// "Action=SendMessage&MessageAttribute.1.Name=a&…" as the object that the JSON protocol would
/// have: lists and maps in place of numbered names, all values texts. Action and Version stay.
/// Errors: malformed encoding, a name that is both a text and an object, too many or too deep.
Expected<nlohmann::json> fromForm(std::string_view form);

/// The document that answers an action; `result` is its answer in the JSON protocol.
std::string toXml(std::string_view action, const nlohmann::ordered_json& result,
                  std::string_view requestId);
std::string toXml(const SqsError& error, std::string_view requestId);

} // namespace coldframe::sqs
