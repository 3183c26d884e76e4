#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/http_route.h"

namespace coldframe::gateway {

/// Where a request goes.
struct RouteMatch {
    std::string trigger;
    HttpRoute route;
    /// By name, decoded: "a%2Fb" is one part of the path and becomes "a/b".
    std::vector<std::pair<std::string, std::string>> parameters;
};

/// The routes of one port. The most telling one takes a request: from the left, a part of the path
/// that is written out comes before a parameter and that before {rest+}; then a method before ANY;
/// $default takes what is left.
///
/// Source: Amazon API Gateway guide, "Routing API requests" of HTTP APIs, read 2026-11.
class RouteTable {
public:
    void add(std::string trigger, HttpRoute route);
    void remove(std::string_view trigger);
    bool empty() const { return m_routes.empty(); }

    enum class Failure { NoRoute, BadPath };
    /// `path`: as sent, with its %XX. BadPath: a broken %XX, or a NUL in it.
    tl::expected<RouteMatch, Failure> find(std::string_view method, std::string_view path) const;

private:
    struct Entry {
        std::string trigger;
        HttpRoute route;
    };
    std::vector<Entry> m_routes; ///< the most telling ones first
};

} // namespace coldframe::gateway
