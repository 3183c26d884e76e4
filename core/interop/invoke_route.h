#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coldframe::interop {

/// What a request asks for, by its method and path.
struct InvokeRoute {
    enum class Kind { Invoke, InvokeAsync, ListFunctions, GetFunction, GetConfiguration, Unknown };
    Kind kind = Kind::Unknown;
    std::string_view function; ///< as in the path: percent-encoded
    std::string_view query; ///< without the question mark
};

/// Paths of the API 2015-03-31 and, for InvokeAsync, of 2014-11-13.
/// Source: botocore 1.43.11, lambda/2015-03-31/service-2.json, read 2026-11.
InvokeRoute findRoute(std::string_view method, std::string_view target);

/// The decoded value of `name` in "a=1&b=2"; empty when absent, nothing when badly encoded.
std::optional<std::string> queryValue(std::string_view query, std::string_view name);

/// The routes, for people who took another one.
inline constexpr std::string_view kServedRoutes
    = "POST /2015-03-31/functions/NAME/invocations, "
      "POST /2014-11-13/functions/NAME/invoke-async/, GET /2015-03-31/functions/, "
      "GET /2015-03-31/functions/NAME and GET /2015-03-31/functions/NAME/configuration";

} // namespace coldframe::interop
