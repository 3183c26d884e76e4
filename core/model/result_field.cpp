#include "model/result_field.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/suggestion.h"

namespace coldframe {

namespace {

const std::vector<std::string>& simpleFields()
{
    static const std::vector<std::string> names{"date",        "year",    "month",     "day",
                                                "hour",        "minute",  "time",      "function",
                                                "requestId",   "trigger", "condition", "sourceKey",
                                                "source.name", "payload", "record"};
    return names;
}

bool isOrBegins(std::string_view field, std::string_view root)
{
    return field.starts_with(root) && (field.size() == root.size() || field[root.size()] == '.');
}

} // namespace

std::optional<Error> problemInField(std::string_view field, FieldUse use)
{
    if (use == FieldUse::Column && field == "index")
        return std::nullopt;
    const bool document = isOrBegins(field, "payload") || isOrBegins(field, "record");
    const bool whole = field.find("..") == field.npos && !field.ends_with('.');
    if ((document && whole) || std::ranges::find(simpleFields(), field) != simpleFields().end())
        return std::nullopt;
    std::vector<std::string> known = simpleFields();
    if (use == FieldUse::Column)
        known.push_back("index");
    std::string hint = fmt::format("the fields are {}, and what lies in payload and record, such "
                                   "as \"payload.customer.id\"",
                                   listOfNames(known, known.size()));
    if (document)
        hint = "name each step between the dots, such as \"payload.customer.id\"";
    else if (const auto meant = suggestFor(field, known))
        hint = fmt::format("did you mean \"{}\"? {}", *meant, hint);
    return Error{.code = Error::Code::Missing,
                 .message = fmt::format("there is no field \"{}\"", field),
                 .hint = std::move(hint)};
}

std::vector<std::string> stepsOf(std::string_view field)
{
    std::vector<std::string> steps;
    for (std::size_t dot = field.find('.'); dot != field.npos;) {
        const std::size_t next = field.find('.', dot + 1);
        steps.emplace_back(field.substr(dot + 1, next == field.npos ? next : next - dot - 1));
        dot = next;
    }
    return steps;
}

} // namespace coldframe
