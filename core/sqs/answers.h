#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "sqs/command.h"
#include "sqs/queue_backend.h"

// Answers, as objects of the JSON protocol.
namespace coldframe::sqs {

/// SendMessageResult, or an entry of a batch's without its Id: first what can be told of a message
/// before it is sent, then the rest.
nlohmann::ordered_json digestsOf(const Draft& sent);
void addTo(nlohmann::ordered_json& result, const Accepted& accepted);
/// One of ReceiveMessageResult's Messages, with the attributes that were asked for.
nlohmann::ordered_json toJson(const Received& message, const ReceiveMessages& asked);

/// The result of each entry, those that went well and those that did not.
using EntryResults = std::vector<Entry<nlohmann::ordered_json>>;
nlohmann::ordered_json batchResult(const EntryResults& results);

/// What is said of a receipt when it is not done: nothing means success.
std::optional<SqsError> problemOfDelete(ReceiptOutcome outcome, std::string_view handle);
std::optional<SqsError> problemOfChange(ReceiptOutcome outcome, const VisibilityChange& change);

} // namespace coldframe::sqs
