#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coldframe::http {

class Request;

/// Who sends a request, as far as its headers tell. Empty where a header is missing.
struct Caller {
    std::string_view host; ///< Host
    std::string_view origin; ///< Origin, which browsers add
    std::string_view fetchSite; ///< Sec-Fetch-Site, which browsers add even to pictures and links
};

/// Guards an API on the loopback interface against web pages: any page a user looks at can make
/// the browser call 127.0.0.1, by its own script or by a name that it lets resolve to there.
/// Returns the text for a 403 answer, or nothing when the request may be served: its Host is
/// 127.0.0.1, localhost or [::1] on any port, and no page of another host is behind it.
std::optional<std::string> foreignCaller(const Caller& caller);
std::optional<std::string> foreignCaller(const Request& request);

} // namespace coldframe::http
