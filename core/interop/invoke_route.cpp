#include "interop/invoke_route.h"

#include "interop/function_name.h"

namespace coldframe::interop {
namespace {

using Kind = InvokeRoute::Kind;

constexpr std::string_view kFunctions = "/2015-03-31/functions";
constexpr std::string_view kOldFunctions = "/2014-11-13/functions";

/// Takes `start` off the front of `text`.
bool take(std::string_view& text, std::string_view start)
{
    if (!text.starts_with(start))
        return false;
    text.remove_prefix(start.size());
    return true;
}

Kind kindOf(bool post, bool old, std::string_view action)
{
    if (old)
        return post && action == "/invoke-async" ? Kind::InvokeAsync : Kind::Unknown;
    if (post)
        return action == "/invocations" ? Kind::Invoke : Kind::Unknown;
    if (action == "/configuration")
        return Kind::GetConfiguration;
    return action.empty() ? Kind::GetFunction : Kind::Unknown;
}

} // namespace

InvokeRoute findRoute(std::string_view method, std::string_view target)
{
    const bool post = method == "POST";
    if (!post && method != "GET")
        return {};
    InvokeRoute route;
    const std::size_t question = target.find('?');
    if (question != std::string_view::npos)
        route.query = target.substr(question + 1);
    std::string_view path = target.substr(0, question);
    if (path.ends_with('/'))
        path.remove_suffix(1);
    const bool old = take(path, kOldFunctions);
    if (!old && !take(path, kFunctions))
        return {};
    if (path.empty()) {
        route.kind = post || old ? Kind::Unknown : Kind::ListFunctions;
        return route;
    }
    if (!take(path, "/") || path.empty())
        return {};
    const std::size_t slash = path.find('/');
    route.function = path.substr(0, slash);
    route.kind = kindOf(post, old,
                        slash == std::string_view::npos ? std::string_view() : path.substr(slash));
    return route;
}

std::optional<std::string> queryValue(std::string_view query, std::string_view name)
{
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        std::string_view pair = query.substr(0, end);
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        if (take(pair, name) && (pair.empty() || pair.front() == '='))
            return percentDecode(pair.substr(pair.empty() ? 0 : 1));
    }
    return std::string();
}

} // namespace coldframe::interop
