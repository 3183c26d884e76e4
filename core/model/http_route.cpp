#include "model/http_route.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

namespace coldframe {

namespace {

constexpr std::array<std::string_view, 8> kMethods{"ANY",   "GET",    "POST", "PUT",
                                                   "PATCH", "DELETE", "HEAD", "OPTIONS"};
constexpr const char* kForms
    = "write \"GET /orders/{id}\", \"ANY /{proxy+}\", or \"$default\" for all that is left";

tl::unexpected<Error> noRoute(std::string message, std::string hint = kForms)
{
    return tl::unexpected(Error{.message = std::move(message), .hint = std::move(hint)});
}

bool isParameterName(std::string_view name)
{
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '_' || c == '-' || c == '.';
    });
}

Result<HttpRoute::Segment> segmentOf(std::string_view text)
{
    using Kind = HttpRoute::Segment::Kind;
    if (text.starts_with('{') && text.ends_with('}')) {
        std::string_view name = text.substr(1, text.size() - 2);
        const bool greedy = name.ends_with('+');
        if (greedy)
            name.remove_suffix(1);
        if (!isParameterName(name))
            return noRoute(fmt::format("\"{}\" is no path parameter", text),
                           "its name is made of letters, digits, _ - and .");
        return HttpRoute::Segment{greedy ? Kind::Greedy : Kind::Parameter, std::string(name)};
    }
    if (text.find_first_of("{}?#") != std::string_view::npos)
        return noRoute(fmt::format("\"{}\" is no part of a path", text),
                       "a parameter takes a whole part, as in /orders/{id}");
    auto decoded = percentDecoded(text);
    if (!decoded)
        return noRoute(fmt::format("\"{}\" has a broken %XX", text));
    return HttpRoute::Segment{Kind::Literal, std::move(*decoded)};
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

} // namespace

std::optional<std::string> percentDecoded(std::string_view text)
{
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
        if (high < 0 || low < 0)
            return std::nullopt;
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return decoded;
}

bool HttpRoute::sameAs(const HttpRoute& other) const
{
    return method == other.method
        && std::ranges::equal(segments, other.segments, [](const Segment& a, const Segment& b) {
               return a.kind == b.kind && (a.kind != Segment::Kind::Literal || a.text == b.text);
           });
}

Result<HttpRoute> parseHttpRoute(std::string_view text)
{
    HttpRoute route{.key = std::string(text)};
    if (text == "$default")
        return route;
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos || space + 1 >= text.size() || text[space + 1] != '/')
        return noRoute(fmt::format("\"{}\" is not a route", text));
    route.method = text.substr(0, space);
    if (std::ranges::find(kMethods, route.method) == kMethods.end())
        return noRoute(fmt::format("\"{}\" is no method of a route", route.method),
                       fmt::format("it is one of {}", fmt::join(kMethods, ", ")));
    std::string_view rest = text.substr(space + 2);
    std::set<std::string> names;
    while (!rest.empty()) {
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        const auto segment = segmentOf(rest.substr(0, slash));
        if (!segment)
            return tl::unexpected(segment.error());
        if (!route.segments.empty()
            && route.segments.back().kind == HttpRoute::Segment::Kind::Greedy)
            return noRoute(fmt::format("{{{}+}} takes the rest of the path, but more follows",
                                       route.segments.back().text),
                           "put it last");
        if (segment->kind != HttpRoute::Segment::Kind::Literal
            && !names.insert(segment->text).second)
            return noRoute(fmt::format("two path parameters are called {}", segment->text),
                           "rename one of them");
        route.segments.push_back(*segment);
        if (slash == rest.size())
            break;
        rest.remove_prefix(slash + 1);
        if (rest.empty()) // "/orders/" is not "/orders"
            route.segments.push_back({});
    }
    return route;
}

} // namespace coldframe
