#include "model/variable_references.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace coldframe {

namespace {

constexpr std::string_view kOpening = "${env:";

/// A name as shells take it: longer than the platform's, which refuses a leading _.
bool isShellName(std::string_view name)
{
    constexpr std::string_view letters
        = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    return !name.empty() && (name.front() < '0' || name.front() > '9')
        && name.find_first_not_of(letters) == std::string_view::npos;
}

/// Walks `value`: plain text to `onText`, names to `onName`; what is wrong, if anything.
template <typename OnText, typename OnName>
std::optional<std::string> walk(std::string_view value, OnText onText, OnName onName)
{
    while (true) {
        const std::size_t at = value.find(kOpening);
        if (at == std::string_view::npos) {
            onText(value);
            return std::nullopt;
        }
        if (at > 0 && value[at - 1] == '$') { // escaped: one $ less
            onText(value.substr(0, at - 1));
            onText(kOpening);
            value.remove_prefix(at + kOpening.size());
            continue;
        }
        onText(value.substr(0, at));
        const std::size_t end = value.find('}', at);
        if (end == std::string_view::npos)
            return "a ${env: is not closed by a }";
        const std::string_view name
            = value.substr(at + kOpening.size(), end - at - kOpening.size());
        if (!isShellName(name))
            return fmt::format("\"{}\" in ${{env:…}} is not a name for a variable", name);
        if (!onName(std::string(name)))
            return std::nullopt;
        value.remove_prefix(end + 1);
    }
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view space = " \t\r";
    const std::size_t first = text.find_first_not_of(space);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// The value of one line of secrets.env, without its quotes; nothing when they do not close.
std::optional<std::string> unquoted(std::string_view value)
{
    if (value.empty() || (value.front() != '"' && value.front() != '\''))
        return std::string(value);
    if (value.size() < 2 || value.back() != value.front())
        return std::nullopt;
    return std::string(value.substr(1, value.size() - 2));
}

} // namespace

std::vector<std::string> referencesIn(std::string_view value)
{
    std::vector<std::string> names;
    walk(
        value, [](std::string_view) {},
        [&](std::string name) {
            if (std::ranges::find(names, name) == names.end())
                names.push_back(std::move(name));
            return true;
        });
    return names;
}

std::optional<std::string> problemInReferences(std::string_view value)
{
    return walk(
        value, [](std::string_view) {}, [](const std::string&) { return true; });
}

tl::expected<std::string, std::string> expandReferences(std::string_view value,
                                                        const VariableLookup& lookup)
{
    std::string expanded;
    std::optional<std::string> missing;
    walk(
        value, [&](std::string_view text) { expanded += text; },
        [&](const std::string& name) {
            const std::optional<std::string> found = lookup ? lookup(name) : std::nullopt;
            if (found)
                expanded += *found;
            else
                missing = name;
            return found.has_value();
        });
    if (missing)
        return tl::unexpected(*missing);
    return expanded;
}

std::size_t environmentBytes(const std::map<std::string, std::string>& variables)
{
    // Replaced rather than thrown at: an expanded secret may hold any bytes.
    return nlohmann::json(variables)
        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
        .size();
}

Result<std::map<std::string, std::string>> parseSecrets(std::string_view text,
                                                        const std::string& fileName)
{
    std::map<std::string, std::string> secrets;
    if (text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3);
    for (int number = 1; !text.empty(); ++number) {
        const std::size_t newline = std::min(text.find('\n'), text.size());
        std::string_view line = trimmed(text.substr(0, newline));
        text.remove_prefix(std::min(newline + 1, text.size()));
        if (line.empty() || line.front() == '#')
            continue;
        if (line.starts_with("export "))
            line = trimmed(line.substr(7));
        const auto error = [&](Error::Code code, std::string message, std::string hint) {
            return tl::unexpected(
                Error{code, std::move(message), std::move(hint), fileName, {}, number, 0});
        };
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos)
            return error(Error::Code::Malformed, "the line has no '='", "write NAME=VALUE");
        const std::string name(trimmed(line.substr(0, equals)));
        if (!isShellName(name))
            return error(Error::Code::Malformed, "what stands before the '=' is not a name",
                         "use letters, digits and _, not beginning with a digit");
        std::optional<std::string> value = unquoted(trimmed(line.substr(equals + 1)));
        if (!value)
            return error(Error::Code::Malformed,
                         fmt::format("the quotes around the value of {} do not close", name),
                         "end the value with the quote it begins with");
        if (!secrets.emplace(name, std::move(*value)).second)
            return error(Error::Code::Duplicate, fmt::format("{} is given twice", name),
                         "remove one of the lines");
    }
    return secrets;
}

} // namespace coldframe
