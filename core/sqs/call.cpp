#include "sqs/call.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "http/access_key.h"
#include "http/request.h"
#include "model/json_depth.h"
#include "sqs/query_form.h"
#include "sqs/queue_url.h"

namespace coldframe::sqs {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::string_view kService = "AmazonSQS.";
constexpr int kMostDepth = 16; ///< of a request's body; the deepest has five

Expected<json> readBody(std::string_view body)
{
    if (body.empty())
        return json::object();
    if (isDeeperThan(kMostDepth, body))
        return tl::unexpected(malformedInput("The body of the request is nested too deeply."));
    json parsed = json::parse(body, nullptr, false);
    if (parsed.is_discarded())
        return tl::unexpected(
            malformedInput("The body of the request is not JSON, or not in UTF-8."));
    return parsed;
}

void readJsonCall(const http::Request& request, Call& call)
{
    const std::string_view target = request.header("X-Amz-Target");
    if (target.starts_with(kService))
        call.action = target.substr(kService.size());
    if (request.method != "POST")
        call.command = tl::unexpected(invalidParameter("The JSON protocol wants POST."));
    else if (call.action.empty())
        call.command = tl::unexpected(invalidAction(target));
    else if (const auto body = readBody(request.body); !body)
        call.command = tl::unexpected(body.error());
    else
        call.command = readCommand(call.action, *body);
}

std::string textOr(const json& object, const char* key, std::string otherwise)
{
    const auto it = object.find(key);
    const auto* text = it == object.end() ? nullptr : it->get_ptr<const json::string_t*>();
    return text ? *text : std::move(otherwise);
}

SqsError missingAction()
{
    return {400, "com.amazon.coral.service#MissingActionException", "MissingAction",
            "The request names no action: this is the SQS endpoint, which takes forms with "
            "Action=SendMessage and the like, and JSON with the header X-Amz-Target."};
}

/// Parameters come in the query, in a form, or in both. A request to a queue's own URL is about it.
void readQueryCall(const http::Request& request, Call& call)
{
    const std::size_t question = std::min(request.target.find('?'), request.target.size());
    const std::string_view path = request.target.substr(0, question);
    std::string form(request.target.substr(std::min(question + 1, request.target.size())));
    form.append("&").append(request.body);
    auto parameters = fromForm(form);
    if (!parameters) {
        call.command = tl::unexpected(parameters.error());
        return;
    }
    call.action = textOr(*parameters, "Action", {});
    if (call.accessKey.empty())
        call.accessKey
            = textOr(*parameters, "X-Amz-Credential", textOr(*parameters, "AWSAccessKeyId", {}));
    call.accessKey.resize(std::min(call.accessKey.find('/'), call.accessKey.size()));
    if (queueNameOf(path) && !parameters->contains("QueueUrl"))
        (*parameters)["QueueUrl"] = std::string(path);
    if (request.method != "POST" && request.method != "GET")
        call.command = tl::unexpected(
            invalidParameter(fmt::format("The method {} is not served.", request.method)));
    else if (call.action.empty())
        call.command = tl::unexpected(missingAction());
    else
        call.command = readCommand(call.action, *parameters);
}

std::string headersOf(Protocol protocol, std::string_view requestId)
{
    return fmt::format("Content-Type: {}\r\nx-amzn-RequestId: {}\r\n",
                       protocol == Protocol::Json ? "application/x-amz-json-1.0" : "text/xml",
                       requestId);
}

std::string dumped(const ordered_json& document)
{
    return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace

Protocol protocolOf(const http::Request& request)
{
    const bool json = !request.header("X-Amz-Target").empty()
        || request.header("Content-Type").starts_with("application/x-amz-json");
    return json ? Protocol::Json : Protocol::Query;
}

Call readCall(const http::Request& request)
{
    Call call{.protocol = protocolOf(request),
              .action = {},
              .accessKey = std::string(http::accessKeyOf(request.header("Authorization"))),
              .command = tl::unexpected(SqsError{})};
    if (call.protocol == Protocol::Json)
        readJsonCall(request, call);
    else
        readQueryCall(request, call);
    call.batch = call.action.ends_with("Batch");
    return call;
}

Reply replyOf(const Call& call, const ordered_json& result, std::string_view requestId)
{
    return {200, headersOf(call.protocol, requestId),
            call.protocol == Protocol::Json ? dumped(result)
                                            : toXml(call.action, result, requestId)};
}

Reply replyOf(Protocol protocol, const SqsError& error, std::string_view requestId)
{
    Reply reply{error.status, headersOf(protocol, requestId), {}};
    if (protocol == Protocol::Query) {
        reply.body = toXml(error, requestId);
        return reply;
    }
    reply.headers += fmt::format("x-amzn-query-error: {};{}\r\n", error.code,
                                 error.ownFault ? "Receiver" : "Sender");
    reply.body = dumped({{"__type", error.shape}, {"message", error.message}});
    return reply;
}

} // namespace coldframe::sqs
