#include "gateway/http_event.h"

#include <algorithm>
#include <array>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/base64.h"
#include "model/utf8.h"

namespace coldframe::gateway {

namespace {

using nlohmann::ordered_json;
using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kAccount = "000000000000";
constexpr const char* kLoopback = "127.0.0.1";

std::string lowered(std::string text)
{
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + ('a' - 'A'));
    return text;
}

std::string header(const HttpCall& call, std::string_view name)
{
    for (const auto& [key, value] : call.headers)
        if (lowered(key) == name)
            return value;
    return {};
}

/// "04/Mar/2026:09:15:07 +0000"
std::string commonLogTime(TimePoint at)
{
    constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::tm time = fmt::gmtime(
        std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count());
    return fmt::format("{:02}/{}/{}:{:02}:{:02}:{:02} +0000", time.tm_mday,
                       kMonths[static_cast<std::size_t>(time.tm_mon)], time.tm_year + 1900,
                       time.tm_hour, time.tm_min, time.tm_sec);
}

std::int64_t epochMs(TimePoint at)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

std::string_view queryOf(std::string_view target)
{
    const std::size_t mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

/// Decoded as forms are; what is broken stays as it was sent.
std::string queryDecoded(std::string_view text)
{
    std::string spaced(text);
    std::ranges::replace(spaced, '+', ' ');
    return percentDecoded(spaced).value_or(std::string(text));
}

Pairs queryPairs(std::string_view query)
{
    Pairs pairs;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (!pair.empty())
            pairs.emplace_back(queryDecoded(pair.substr(0, equals)),
                               equals < pair.size() ? queryDecoded(pair.substr(equals + 1))
                                                    : std::string());
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return pairs;
}

/// Values of one name together, with commas.
ordered_json commaJoined(const Pairs& pairs, bool lower)
{
    ordered_json all = ordered_json::object();
    for (const auto& [key, value] : pairs) {
        const std::string name = lower ? lowered(key) : key;
        if (all.contains(name))
            all[name] = all[name].get<std::string>() + "," + value;
        else
            all[name] = value;
    }
    return all;
}

/// Format 1.0 has each map twice: the last value of a name, and all of them.
void addMaps(ordered_json& event, const char* single, const char* multi, const Pairs& pairs)
{
    if (pairs.empty()) {
        event[single] = nullptr, event[multi] = nullptr;
        return;
    }
    ordered_json last = ordered_json::object(), all = ordered_json::object();
    for (const auto& [key, value] : pairs) {
        last[key] = value;
        all[key].push_back(value);
    }
    event[single] = std::move(last);
    event[multi] = std::move(all);
}

ordered_json parametersOf(const RouteMatch& match)
{
    ordered_json parameters = ordered_json::object();
    for (const auto& [name, value] : match.parameters)
        parameters[name] = value;
    return parameters;
}

bool saysText(const HttpCall& call)
{
    if (!header(call, "content-encoding").empty())
        return false;
    std::string type = lowered(header(call, "content-type"));
    type.erase(std::min(type.find(';'), type.size()));
    type.erase(type.find_last_not_of(' ') + 1);
    return type.empty() || type.starts_with("text/") || type == "application/json"
        || type == "application/javascript" || type == "application/xml" || type.ends_with("+json")
        || type.ends_with("+xml");
}

/// Whether it was put into base64.
bool addBody(ordered_json& event, const HttpCall& call, bool text)
{
    const bool plain = text && isUtf8(call.body);
    event["body"] = plain ? call.body : toBase64(call.body);
    return !plain;
}

ordered_json eventV2(const HttpCall& call, const RouteMatch& match)
{
    const std::string key = match.route.key;
    ordered_json event{{"version", "2.0"},
                       {"routeKey", key},
                       {"rawPath", pathOf(call.target)},
                       {"rawQueryString", queryOf(call.target)}};
    Pairs headers;
    ordered_json cookies = ordered_json::array();
    for (const auto& [name, value] : call.headers) {
        if (lowered(name) != "cookie") {
            headers.emplace_back(name, value);
            continue;
        }
        std::string_view rest = value;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find(';'), rest.size());
            std::string_view one = rest.substr(0, end);
            one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
            if (!one.empty())
                cookies.push_back(one);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    if (!cookies.empty())
        event["cookies"] = std::move(cookies);
    event["headers"] = commaJoined(headers, true);
    if (const Pairs query = queryPairs(queryOf(call.target)); !query.empty())
        event["queryStringParameters"] = commaJoined(query, false);
    if (!match.parameters.empty())
        event["pathParameters"] = parametersOf(match);
    event["requestContext"] = {{"accountId", kAccount},
                               {"apiId", "local"},
                               {"domainName", "localhost"},
                               {"domainPrefix", "localhost"},
                               {"http",
                                {{"method", call.method},
                                 {"path", pathOf(call.target)},
                                 {"protocol", "HTTP/1.1"},
                                 {"sourceIp", kLoopback},
                                 {"userAgent", header(call, "user-agent")}}},
                               {"requestId", call.requestId},
                               {"routeKey", key},
                               {"stage", "$default"},
                               {"time", commonLogTime(call.at)},
                               {"timeEpoch", epochMs(call.at)}};
    const bool encoded = !call.body.empty() && addBody(event, call, saysText(call));
    event["isBase64Encoded"] = encoded;
    return event;
}

/// The path of a route alone: "/orders/{id}"; of "$default" everything.
std::string resourceOf(const HttpRoute& route)
{
    return route.isDefault() ? "/{proxy+}" : route.key.substr(route.key.find(' ') + 1);
}

ordered_json eventV1(const HttpCall& call, const RouteMatch& match)
{
    const std::string resource = resourceOf(match.route);
    const std::string path(pathOf(call.target));
    ordered_json event{
        {"version", "1.0"}, {"resource", resource}, {"path", path}, {"httpMethod", call.method}};
    addMaps(event, "headers", "multiValueHeaders", call.headers);
    addMaps(event, "queryStringParameters", "multiValueQueryStringParameters",
            queryPairs(queryOf(call.target)));
    if (match.parameters.empty())
        event["pathParameters"] = nullptr;
    else
        event["pathParameters"] = parametersOf(match);
    event["stageVariables"] = nullptr;
    event["requestContext"] = {{"accountId", kAccount},
                               {"apiId", "local"},
                               {"domainName", "localhost"},
                               {"domainPrefix", "localhost"},
                               {"extendedRequestId", call.requestId},
                               {"httpMethod", call.method},
                               {"identity",
                                {{"accessKey", nullptr},
                                 {"accountId", nullptr},
                                 {"caller", nullptr},
                                 {"cognitoIdentityId", nullptr},
                                 {"sourceIp", kLoopback},
                                 {"user", nullptr},
                                 {"userAgent", header(call, "user-agent")},
                                 {"userArn", nullptr}}},
                               {"path", path},
                               {"protocol", "HTTP/1.1"},
                               {"requestId", call.requestId},
                               {"requestTime", commonLogTime(call.at)},
                               {"requestTimeEpoch", epochMs(call.at)},
                               {"resourceId", "local"},
                               {"resourcePath", resource},
                               {"stage", "$default"}};
    bool encoded = false;
    if (call.body.empty())
        event["body"] = nullptr;
    else
        encoded = addBody(event, call, header(call, "content-encoding").empty());
    event["isBase64Encoded"] = encoded;
    return event;
}

} // namespace

std::string_view pathOf(std::string_view target)
{
    return target.substr(0, target.find('?'));
}

std::string httpEvent(const HttpCall& call, const RouteMatch& match, HttpPayload payload)
{
    const ordered_json event
        = payload == HttpPayload::V2 ? eventV2(call, match) : eventV1(call, match);
    // Headers and queries may hold bytes that are no UTF-8.
    return event.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace coldframe::gateway
