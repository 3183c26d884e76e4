#include "session/outgoing.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "model/json_depth.h"
#include "model/key_template.h"
#include "session/result_values.h"
#include "sources/event_text.h"
#include "stores/object_key.h"

namespace coldframe::session {

namespace {

using Ordered = nlohmann::ordered_json;

/// Bodies are JSON already; what is not, or is nested too deep to be copied, is carried as text.
Ordered parsedBody(const std::string& text)
{
    if (isTooDeep(text))
        return Ordered(text);
    Ordered value = Ordered::parse(text, nullptr, false);
    return value.is_discarded() ? Ordered(text) : value;
}

} // namespace

std::string recordOf(const Outgoing& outgoing)
{
    if (outgoing.record)
        return *outgoing.record;
    Ordered record{
        {"version", "1.0"},
        {"timestamp", sources::isoMilliseconds(outgoing.endedAt)},
        {"requestContext",
         {{"requestId", outgoing.requestId},
          {"functionArn",
           "arn:aws:lambda:us-east-1:000000000000:function:" + outgoing.function + ":$LATEST"},
          {"condition", outgoing.condition},
          {"approximateInvokeCount", outgoing.attempts}}},
        {"requestPayload", parsedBody(*outgoing.event)}};
    if (outgoing.result) {
        record["responseContext"] = {{"statusCode", 200}, {"executedVersion", "$LATEST"}};
        if (!outgoing.errorType.empty())
            record["responseContext"]["functionError"] = "Unhandled";
        record["responsePayload"] = parsedBody(*outgoing.result);
    }
    return record.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

std::string contentOf(const Outgoing& outgoing, std::optional<Content> content)
{
    const Content usual = outgoing.succeeded ? Content::Payload : Content::Record;
    return content.value_or(usual) == Content::Payload ? outgoing.payload() : recordOf(outgoing);
}

std::string oneLine(std::string bytes)
{
    if (!Ordered::accept(bytes))
        return sources::jsonString(bytes);
    std::ranges::replace_if(
        bytes, [](char c) { return c == '\n' || c == '\r'; }, ' '); // strings hold none
    return bytes;
}

std::string groupOf(const Outgoing& outgoing, const StoreDestination& destination)
{
    const auto group = KeyTemplate::parse(destination.messageGroup);
    if (destination.messageGroup.empty() || !group)
        return outgoing.function;
    ResultValues values(outgoing);
    std::string name = group->expand([&](const std::string& field) { return values.text(field); });
    name.resize(std::min<std::size_t>(name.size(), 128)); // the longest there may be
    return name.empty() ? outgoing.function : name;
}

std::string keyOf(const Outgoing& outgoing, const StoreDestination& destination)
{
    const auto key = KeyTemplate::parse(destination.key);
    if (destination.key.empty() || !key)
        return stores::resultKey(outgoing.sourceKey, outgoing.requestId, outgoing.endedAt);
    ResultValues values(outgoing);
    return key->expand([&](const std::string& field) { return values.text(field); });
}

} // namespace coldframe::session
