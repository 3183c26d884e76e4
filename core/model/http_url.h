#pragma once

#include <string>
#include <string_view>

#include "model/error.h"

namespace coldframe {

/// An address to send a request to.
struct HttpUrl {
    bool tls = false; ///< https
    std::string host; ///< a name or an address, of IPv6 without its brackets
    std::string port; ///< "80" and "443" when it names none
    std::string target = "/"; ///< path and query
    std::string authority; ///< host and port as written: for the header Host
};

/// Errors have no place and do not repeat the address, which may hold a secret.
Result<HttpUrl> parseHttpUrl(std::string_view text);

/// Whether it can be the name of a header that a user may set: no blanks, and none that the
/// request itself needs.
bool isFreeHeader(std::string_view name);
/// Whether it can stand in a header: no control characters.
bool isHeaderValue(std::string_view value);

} // namespace coldframe
