#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sqs/command.h"

namespace coldframe::http {
class Request;
}

namespace coldframe::sqs {

enum class Protocol : std::uint8_t {
    Json, ///< AWS JSON 1.0: POST, X-Amz-Target: AmazonSQS.SendMessage
    Query, ///< a form with Action=SendMessage; XML comes back
};

/// One request, read.
struct Call {
    Protocol protocol = Protocol::Query;
    std::string action; ///< empty when it names none
    bool batch = false; ///< answered entry by entry
    std::string accessKey; ///< with which the caller signed; empty when it did not
    Expected<Command> command; ///< or what to answer instead
};
Call readCall(const http::Request& request);
/// By its head alone.
Protocol protocolOf(const http::Request& request);

/// An answer on the wire.
struct Reply {
    int status = 200;
    std::string headers; ///< lines, each ending in CRLF
    std::string body;
};
/// `result` is the answer's object of the JSON protocol.
Reply replyOf(const Call& call, const nlohmann::ordered_json& result, std::string_view requestId);
Reply replyOf(Protocol protocol, const SqsError& error, std::string_view requestId);

} // namespace coldframe::sqs
