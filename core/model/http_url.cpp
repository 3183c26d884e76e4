#include "model/http_url.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace coldframe {

namespace {

tl::unexpected<Error> badUrl(std::string message)
{
    return tl::unexpected(Error{.code = Error::Code::Malformed,
                                .message = std::move(message),
                                .hint = "write it like \"https://example.com/results\""});
}

std::string lower(std::string_view text)
{
    std::string result(text);
    for (char& c : result)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return result;
}

bool isPort(std::string_view text)
{
    unsigned port = 0;
    const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
    return problem == std::errc() && stop == text.data() + text.size() && port > 0 && port < 65'536;
}

} // namespace

Result<HttpUrl> parseHttpUrl(std::string_view text)
{
    HttpUrl url;
    const std::size_t scheme = text.find("://");
    const std::string name = lower(text.substr(0, scheme));
    if (scheme == text.npos || (name != "http" && name != "https"))
        return badUrl("the address must begin with http:// or https://");
    url.tls = name == "https";
    if (std::ranges::any_of(text, [](char c) {
            const auto code = static_cast<unsigned char>(c);
            return code <= 0x20 || code >= 0x7f;
        }))
        return badUrl("the address holds a blank or a character that must be written with %");
    std::string_view rest = text.substr(scheme + 3);
    rest = rest.substr(0, rest.find('#')); // for browsers only
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    url.authority = rest.substr(0, end);
    if (end < rest.size())
        url.target = (rest[end] == '?' ? "/" : "") + std::string(rest.substr(end));
    if (url.authority.find('@') != std::string::npos)
        return badUrl("the address holds a user's name: send it as a header");
    std::string_view host = url.authority;
    std::size_t colon = host.rfind(':');
    if (host.starts_with('[')) {
        const std::size_t bracket = host.find(']');
        if (bracket == host.npos)
            return badUrl("the address has a bracket that is not closed");
        colon = bracket + 1 < host.size() ? bracket + 1 : host.npos;
        url.host = host.substr(1, bracket - 1);
    } else {
        url.host = host.substr(0, colon);
    }
    url.port = url.tls ? "443" : "80";
    if (colon != host.npos) {
        if (host[colon] != ':' || !isPort(host.substr(colon + 1)))
            return badUrl("the port of the address is no number from 1 to 65535");
        url.port = host.substr(colon + 1);
    }
    if (url.host.empty())
        return badUrl("the address names no host");
    return url;
}

bool isFreeHeader(std::string_view name)
{
    constexpr std::array<std::string_view, 7> kOwn{
        "host", "content-length", "transfer-encoding", "connection", "expect", "upgrade", "te"};
    constexpr std::string_view kSigns = "!#$%&'*+-.^_`|~"; // RFC 9110, section 5.6.2
    const bool token = !name.empty() && std::ranges::all_of(name, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || kSigns.find(c) != kSigns.npos;
    });
    return token && std::ranges::find(kOwn, lower(name)) == kOwn.end();
}

bool isHeaderValue(std::string_view value)
{
    return std::ranges::none_of(value, [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return (code < 0x20 && c != '\t') || code == 0x7f;
    });
}

} // namespace coldframe
