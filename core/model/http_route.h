#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/error.h"

namespace coldframe {

/// Which requests an HTTP trigger takes: "POST /orders/{id}", "ANY /{proxy+}" or "$default", as
/// routes of an API Gateway HTTP API are written.
struct HttpRoute {
    struct Segment {
        enum class Kind { Literal, Parameter, Greedy };
        Kind kind = Kind::Literal;
        std::string text; ///< decoded, or the parameter's name
        bool operator==(const Segment&) const = default;
    };
    std::string key = "$default"; ///< as written
    std::string method; ///< in capitals; "ANY": every one; empty: "$default"
    std::vector<Segment> segments; ///< none: "/"

    bool isDefault() const { return method.empty(); }
    /// Whether both take the same requests, whatever their parameters are called.
    bool sameAs(const HttpRoute& other) const;
};

/// Errors say what is wrong with the text and how to write it; without a place.
Result<HttpRoute> parseHttpRoute(std::string_view text);

/// Without its %XX; nothing when one of them is broken. "+" stays.
std::optional<std::string> percentDecoded(std::string_view text);

} // namespace coldframe
