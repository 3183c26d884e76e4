#include "s3/call.h"

#include <algorithm>
#include <charconv>

#include "http/access_key.h"
#include "http/request.h"

namespace coldframe::s3 {

namespace {

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    return lower;
}

std::string_view find(const Pairs& pairs, std::string_view name)
{
    const auto it = std::ranges::find(pairs, name, &Pairs::value_type::first);
    return it == pairs.end() ? std::string_view() : std::string_view(it->second);
}

/// In a query a plus stands for a space, as in forms.
bool decodeQuery(std::string_view text, Pairs& queries)
{
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('&'), text.size());
        std::string pair(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        std::ranges::replace(pair, '+', ' ');
        const std::size_t equals = std::min(pair.find('='), pair.size());
        std::string name, value;
        if (!percentDecode(std::string_view(pair).substr(0, equals), name)
            || !percentDecode(std::string_view(pair).substr(std::min(equals + 1, pair.size())),
                              value))
            return false;
        if (!name.empty())
            queries.emplace_back(std::move(name), std::move(value));
    }
    return true;
}

/// From the Authorization header, or from a signed URL.
std::string accessKeyOf(const Call& call)
{
    if (const auto key = http::accessKeyOf(call.header("authorization")); !key.empty())
        return std::string(key);
    const std::string_view text = call.asks("X-Amz-Credential") ? call.query("X-Amz-Credential")
                                                                : call.query("AWSAccessKeyId");
    return std::string(text.substr(0, text.find('/')));
}

} // namespace

bool Call::asks(std::string_view name) const
{
    return std::ranges::find(queries, name, &Pairs::value_type::first) != queries.end();
}

std::string_view Call::query(std::string_view name) const
{
    return find(queries, name);
}

std::string_view Call::header(std::string_view name) const
{
    return find(headers, name);
}

bool percentDecode(std::string_view text, std::string& decoded)
{
    decoded.clear();
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        unsigned value = 0;
        const char* const digits = text.data() + i + 1;
        if (i + 2 >= text.size()
            || std::from_chars(digits, digits + 2, value, 16).ptr != digits + 2)
            return false;
        decoded += static_cast<char>(value);
        i += 2;
    }
    return true;
}

std::string percentEncode(std::string_view text)
{
    constexpr char kHex[] = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size() + 16);
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || (c >= '0' && c <= '9')
            || std::string_view("-._~/").find(c) != std::string_view::npos;
        const auto byte = static_cast<unsigned char>(c);
        if (plain)
            encoded += c;
        else
            encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
    return encoded;
}

tl::expected<Call, S3Error> readCall(const http::Request& request)
{
    Call call;
    call.method = request.method;
    request.forEachHeader([&call](std::string_view name, std::string_view value) {
        call.headers.emplace_back(lowered(name), std::string(value));
    });
    const std::size_t question = std::min(request.target.find('?'), request.target.size());
    std::string_view path = request.target.substr(1, question - 1);
    const std::string_view query
        = request.target.substr(std::min(question + 1, request.target.size()));
    const std::size_t slash = std::min(path.find('/'), path.size());
    const bool decoded = decodeQuery(query, call.queries)
        && percentDecode(path.substr(0, slash), call.bucket)
        && percentDecode(path.substr(std::min(slash + 1, path.size())), call.key);
    call.accessKey = accessKeyOf(call);
    if (!decoded)
        return tl::unexpected(
            invalidUri("The address of the request holds a % without two digits behind it."));
    call.operation = findOperation(call, call.operationName);
    if (call.operation != Operation::Other)
        call.operationName = nameOf(call.operation);
    return call;
}

} // namespace coldframe::s3
