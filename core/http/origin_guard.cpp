#include "http/origin_guard.h"

#include <algorithm>
#include <array>

#include "http/request.h"

namespace coldframe::http {
namespace {

/// "localhost:3000" without its port; nothing when what follows the name is not a port.
std::optional<std::string_view> withoutPort(std::string_view authority)
{
    const std::size_t bracket = authority.find(']');
    const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon == std::string_view::npos)
        return authority;
    const std::string_view port = authority.substr(colon + 1);
    const bool digits
        = std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits || port.size() > 5)
        return std::nullopt;
    return authority.substr(0, colon);
}

bool isLoopback(std::string_view name)
{
    constexpr std::array<std::string_view, 3> kNames{"127.0.0.1", "localhost", "[::1]"};
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](std::string_view known) { return equalNames(known, name); });
}

/// "http://localhost:3000" without its scheme and port; nothing for "null" and other schemes.
std::optional<std::string_view> hostOf(std::string_view origin)
{
    for (const std::string_view scheme :
         {std::string_view("http://"), std::string_view("https://")}) {
        if (equalNames(origin.substr(0, scheme.size()), scheme))
            return withoutPort(origin.substr(scheme.size()));
    }
    return std::nullopt;
}

/// Text from the wire, fit to be shown: short, and without control characters.
std::string quoted(std::string_view text)
{
    std::string shown(1, '"');
    for (const char c : text.substr(0, 80))
        shown += c < ' ' || c > '~' ? '?' : c;
    shown += '"';
    return shown;
}

} // namespace

std::optional<std::string> foreignCaller(const Caller& caller)
{
    const std::optional<std::string_view> host = withoutPort(caller.host);
    if (!host || !isLoopback(*host))
        return "This API answers on this computer only: the Host header must be 127.0.0.1, "
               "localhost or [::1], not "
            + quoted(caller.host) + ". Call it by one of these names.";
    if (!caller.origin.empty()) {
        const std::optional<std::string_view> origin = hostOf(caller.origin);
        if (!origin || !equalNames(*origin, *host))
            return "A web page from " + quoted(caller.origin)
                + " may not call this API, which is on " + quoted(caller.host)
                + ". Call it from a program, or from a page of the same host.";
    }
    const std::string_view site = caller.fetchSite;
    if (!site.empty() && site != "same-origin" && site != "same-site" && site != "none")
        return "A web page of another site may not call this API (Sec-Fetch-Site: " + quoted(site)
            + "). Call it from a program, or from a page of the same host.";
    return std::nullopt;
}

std::optional<std::string> foreignCaller(const Request& request)
{
    return foreignCaller(Caller{.host = request.header("Host"),
                                .origin = request.header("Origin"),
                                .fetchSite = request.header("Sec-Fetch-Site")});
}

} // namespace coldframe::http
