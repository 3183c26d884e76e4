#include "gateway/route_table.h"

#include <algorithm>

namespace coldframe::gateway {

namespace {

using Kind = HttpRoute::Segment::Kind;

/// Negative: `a` says more about the requests it takes.
int compared(const HttpRoute& a, const HttpRoute& b)
{
    if (a.isDefault() != b.isDefault())
        return a.isDefault() ? 1 : -1;
    const std::size_t common = std::min(a.segments.size(), b.segments.size());
    for (std::size_t i = 0; i < common; ++i)
        if (a.segments[i].kind != b.segments[i].kind)
            return a.segments[i].kind < b.segments[i].kind ? -1 : 1;
    if (a.segments.size() != b.segments.size())
        return a.segments.size() > b.segments.size() ? -1 : 1;
    return (a.method == "ANY") - (b.method == "ANY");
}

/// The parts of "/orders/17", as sent; "/" has none, "/orders/" ends in an empty one.
std::vector<std::string_view> partsOf(std::string_view path)
{
    std::vector<std::string_view> parts;
    if (path.starts_with('/'))
        path.remove_prefix(1);
    if (path.empty())
        return parts;
    for (;;) {
        const std::size_t slash = path.find('/');
        parts.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos)
            return parts;
        path.remove_prefix(slash + 1);
    }
}

std::string joined(const std::vector<std::string>& parts, std::size_t from)
{
    std::string all;
    for (std::size_t i = from; i < parts.size(); ++i)
        all += (i > from ? "/" : "") + parts[i];
    return all;
}

using Parameters = std::vector<std::pair<std::string, std::string>>;

std::optional<Parameters> matched(const HttpRoute& route, std::string_view method,
                                  const std::vector<std::string>& parts)
{
    if (route.isDefault())
        return Parameters();
    if (route.method != "ANY" && route.method != method)
        return std::nullopt;
    Parameters parameters;
    for (std::size_t i = 0; i < route.segments.size(); ++i) {
        const HttpRoute::Segment& segment = route.segments[i];
        if (i >= parts.size())
            return std::nullopt;
        switch (segment.kind) {
        case Kind::Literal:
            if (parts[i] != segment.text)
                return std::nullopt;
            break;
        case Kind::Parameter:
            if (parts[i].empty())
                return std::nullopt;
            parameters.emplace_back(segment.text, parts[i]);
            break;
        case Kind::Greedy:
            parameters.emplace_back(segment.text, joined(parts, i));
            return parameters;
        }
    }
    return parts.size() == route.segments.size() ? std::optional(std::move(parameters))
                                                 : std::nullopt;
}

} // namespace

void RouteTable::add(std::string trigger, HttpRoute route)
{
    const auto at = std::ranges::find_if(
        m_routes, [&](const Entry& entry) { return compared(route, entry.route) < 0; });
    m_routes.insert(at, {std::move(trigger), std::move(route)});
}

void RouteTable::remove(std::string_view trigger)
{
    std::erase_if(m_routes, [&](const Entry& entry) { return entry.trigger == trigger; });
}

tl::expected<RouteMatch, RouteTable::Failure> RouteTable::find(std::string_view method,
                                                               std::string_view path) const
{
    std::vector<std::string> parts;
    for (const std::string_view part : partsOf(path)) {
        auto decoded = percentDecoded(part);
        if (!decoded || decoded->find('\0') != std::string::npos)
            return tl::unexpected(Failure::BadPath);
        parts.push_back(std::move(*decoded));
    }
    for (const Entry& entry : m_routes)
        if (auto parameters = matched(entry.route, method, parts))
            return RouteMatch{entry.trigger, entry.route, std::move(*parameters)};
    return tl::unexpected(Failure::NoRoute);
}

} // namespace coldframe::gateway
