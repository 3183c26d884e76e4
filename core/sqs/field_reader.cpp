#include "sqs/field_reader.h"

#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace coldframe::sqs {

namespace {

using nlohmann::json;

std::optional<std::int64_t> wholeNumberOf(const json& value)
{
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        return number > INT64_MAX ? std::nullopt : std::optional(static_cast<std::int64_t>(number));
    }
    if (value.is_number_integer())
        return value.get<std::int64_t>();
    const auto* text = value.get_ptr<const json::string_t*>();
    if (!text)
        return std::nullopt;
    std::int64_t number = 0;
    const char* const end = text->data() + text->size();
    const auto [stop, problem] = std::from_chars(text->data(), end, number);
    if (text->empty() || problem != std::errc() || stop != end)
        return std::nullopt;
    return number;
}

std::string shown(const json& value)
{
    if (const auto* text = value.get_ptr<const json::string_t*>())
        return *text;
    if (value.is_structured())
        return value.is_array() ? "[…]" : "{…}";
    return value.dump();
}

} // namespace

void FieldReader::fail(SqsError error)
{
    if (!m_error)
        m_error = std::move(error);
}

const json* FieldReader::find(std::string_view name) const
{
    const auto it = m_object.find(name);
    return it == m_object.end() || it->is_null() ? nullptr : &*it;
}

std::string FieldReader::text(std::string_view name)
{
    const json* value = find(name);
    if (!value)
        return {};
    if (const auto* text = value->get_ptr<const json::string_t*>())
        return *text;
    fail(malformedInput(fmt::format("{} must be a text, got {}.", name, shown(*value))));
    return {};
}

std::string FieldReader::requiredText(std::string_view name)
{
    std::string given = text(name);
    if (given.empty())
        fail(missingParameter(name));
    return given;
}

std::optional<std::int64_t> FieldReader::number(std::string_view name, std::int64_t least,
                                                std::int64_t most, std::string_view reason)
{
    const json* value = find(name);
    if (!value)
        return std::nullopt;
    const auto number = wholeNumberOf(*value);
    if (number && *number >= least && *number <= most)
        return number;
    fail(invalidValue(shown(*value), name, reason));
    return std::nullopt;
}

std::vector<std::string> FieldReader::texts(std::string_view name)
{
    std::vector<std::string> all;
    const json* values = find(name);
    if (!values)
        return all;
    const auto wrong = [&](const json& value) {
        fail(
            malformedInput(fmt::format("{} must be a list of texts, got {}.", name, shown(value))));
    };
    if (!values->is_array()) {
        wrong(*values);
        return all;
    }
    for (const json& value : *values) {
        if (const auto* text = value.get_ptr<const json::string_t*>())
            all.push_back(*text);
        else
            wrong(value);
    }
    return all;
}

} // namespace coldframe::sqs
