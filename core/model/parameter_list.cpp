#include "model/parameter_list.h"

namespace coldframe {

namespace {

std::string_view plain(std::string_view name)
{
    return name.substr(name.starts_with('_') ? 1 : 0);
}

} // namespace

std::vector<std::string> parameters(std::string_view text)
{
    std::vector<std::string> names{""};
    int depth = 0;
    bool inName = true;
    for (const char c : text.substr(0, 1'000)) {
        if (c == ')' && depth == 0)
            return names;
        if (c == '[' || c == '(' || c == '{')
            ++depth;
        else if (c == ']' || c == ')' || c == '}')
            --depth;
        else if (c == ',' && depth == 0) {
            names.emplace_back();
            inName = true;
        } else if (depth == 0 && (c == ':' || c == '=')) {
            inName = false;
        } else if (inName && depth == 0 && c != ' ' && c != '\t' && c != '\n' && c != '\r') {
            names.back() += c;
        }
    }
    return {};
}

bool isEventName(std::string_view name)
{
    return plain(name) == "event" || plain(name) == "evt";
}

bool isContextName(std::string_view name)
{
    return plain(name) == "context" || plain(name) == "ctx";
}

} // namespace coldframe
