#include "gateway/http_answer.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/base64.h"
#include "model/json_depth.h"

namespace coldframe::gateway {

namespace {

using nlohmann::json;

constexpr const char* kJsonType = "Content-Type: application/json\r\n";

HttpAnswer badGateway(std::string problem)
{
    HttpAnswer answer = gatewayAnswer(502, "Internal server error");
    answer.problem = std::move(problem);
    return answer;
}

bool isToken(std::string_view name)
{
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::ranges::all_of(name, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || kMarks.find(c) != std::string_view::npos;
    });
}

/// The connection's own; a function's word on them would break it.
bool isOfTheConnection(std::string_view name)
{
    std::string lower(name);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
    for (const char* own : {"connection", "content-length", "date", "keep-alive", "te", "trailer",
                            "transfer-encoding", "upgrade"})
        if (lower == own)
            return true;
    return false;
}

std::optional<std::string> scalarText(const json& value)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_number() || value.is_boolean())
        return value.dump();
    return std::nullopt;
}

/// Reads a result of the full form into an answer; `problem` says why it could not.
class FullForm {
public:
    FullForm(const json& result, HttpPayload payload) : m_result(result), m_payload(payload) { }

    HttpAnswer read()
    {
        readStatus();
        readHeaders();
        readBody();
        if (!m_answer.problem.empty())
            return badGateway(std::move(m_answer.problem));
        if (!m_typed)
            m_answer.headers += m_payload == HttpPayload::V2
                ? "Content-Type: text/plain;charset=UTF-8\r\n"
                : kJsonType;
        return std::move(m_answer);
    }

private:
    void fail(std::string problem)
    {
        if (m_answer.problem.empty())
            m_answer.problem = std::move(problem);
    }
    void readStatus()
    {
        const json& status = m_result["statusCode"];
        const auto text = scalarText(status);
        int code = 0;
        const bool number = text
            && std::from_chars(text->data(), text->data() + text->size(), code).ptr
                == text->data() + text->size();
        if (!number || code < 200 || code > 599)
            return fail(fmt::format("statusCode must be a number from 200 to 599, got {}",
                                    status.dump().substr(0, 100)));
        m_answer.status = code;
    }
    void addLine(const std::string& name, const json& value)
    {
        const auto text = scalarText(value);
        if (!text)
            return fail(fmt::format("the header {} must be a text, got {}", name,
                                    value.dump().substr(0, 100)));
        if (!isToken(name)
            || text->find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
            return fail(fmt::format("\"{}\" cannot be a header: its name or value has characters "
                                    "that headers must not have",
                                    name.substr(0, 100)));
        if (isOfTheConnection(name))
            return;
        std::string lower = name;
        std::ranges::transform(lower, lower.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
        m_typed = m_typed || lower == "content-type";
        m_answer.headers += fmt::format("{}: {}\r\n", name, *text);
    }
    void readHeaders()
    {
        const auto of = [&](const char* key) -> const json* {
            const auto found = m_result.find(key);
            if (found == m_result.end() || found->is_null())
                return nullptr;
            return &*found;
        };
        const json* multi = m_payload == HttpPayload::V1 ? of("multiValueHeaders") : nullptr;
        if (const json* headers = of("headers")) {
            if (!headers->is_object())
                return fail("headers must be an object");
            for (const auto& [name, value] : headers->items())
                if (!multi || !multi->is_object() || !multi->contains(name))
                    addLine(name, value);
        }
        if (multi) {
            if (!multi->is_object())
                return fail("multiValueHeaders must be an object of lists");
            for (const auto& [name, values] : multi->items()) {
                if (!values.is_array())
                    return fail(fmt::format("multiValueHeaders.{} must be a list", name));
                for (const json& value : values)
                    addLine(name, value);
            }
        }
        if (const json* cookies = m_payload == HttpPayload::V2 ? of("cookies") : nullptr) {
            if (!cookies->is_array())
                return fail("cookies must be a list of texts");
            for (const json& cookie : *cookies)
                addLine("Set-Cookie", cookie);
        }
    }
    void readBody()
    {
        const auto body = m_result.find("body");
        if (body == m_result.end() || body->is_null())
            return;
        if (!body->is_string())
            return fail(fmt::format("body must be a text, got {}; make it one with JSON.stringify "
                                    "or json.dumps",
                                    body->type_name()));
        m_answer.body = body->get<std::string>();
        const auto encoded = m_result.find("isBase64Encoded");
        if (encoded == m_result.end() || !encoded->is_boolean() || !encoded->get<bool>())
            return;
        auto decoded = fromBase64(m_answer.body, Padding::Optional);
        if (!decoded)
            return fail("isBase64Encoded is true, but the body is not base64");
        m_answer.body = std::move(*decoded);
    }

    const json& m_result;
    HttpPayload m_payload;
    HttpAnswer m_answer;
    bool m_typed = false; ///< it names a Content-Type
};

} // namespace

HttpAnswer gatewayAnswer(int status, std::string_view message)
{
    return {status, kJsonType, json{{"message", message}}.dump(), {}};
}

HttpAnswer httpAnswer(std::string_view text, HttpPayload payload)
{
    if (isTooDeep(text))
        return badGateway(
            fmt::format("the result is nested deeper than {} lists and objects", kMaxJsonDepth));
    const json result = json::parse(text, nullptr, false);
    if (result.is_discarded())
        return badGateway("the result is not JSON");
    if (result.is_object() && result.contains("statusCode"))
        return FullForm(result, payload).read();
    if (payload == HttpPayload::V1)
        return badGateway("payload format 1.0 needs an object with statusCode and a body that is a "
                          "text");
    return {200, kJsonType, result.is_string() ? result.get<std::string>() : std::string(text), {}};
}

} // namespace coldframe::gateway
