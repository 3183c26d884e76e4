#include "patterns/event_filter.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/json_depth.h"
#include "model/json_reader.h"

namespace coldframe::patterns {

namespace {

using nlohmann::json;

std::optional<JsonMember> memberOf(const JsonValue& object, std::string_view name,
                                   std::string_view capitalised)
{
    for (const JsonMember& member : object.members())
        if (member.key == name || member.key == capitalised)
            return member;
    return std::nullopt;
}

/// The list of an event source mapping. As a pattern it would be wrong: "pattern" is no operator.
std::optional<JsonMember> mappingFilters(const JsonValue& value)
{
    const auto filters = value.isObject() && value.members().size() == 1
        ? memberOf(value, "filters", "Filters")
        : std::nullopt;
    if (!filters || !filters->value.isArray())
        return std::nullopt;
    const std::vector<JsonValue> elements = filters->value.elements();
    const bool ours = !elements.empty() && std::ranges::all_of(elements, [](const JsonValue& e) {
        return e.isObject() && memberOf(e, "pattern", "Pattern");
    });
    return ours ? filters : std::nullopt;
}

class FilterReader {
public:
    FilterReader(const JsonText& text, std::size_t most) : m_text(text), m_most(most) { }

    void read(const JsonValue& value, const std::string& pointer)
    {
        if (const auto filters = mappingFilters(value)) {
            const std::string at = childPointer(pointer, filters->key);
            const std::vector<JsonValue> elements = filters->value.elements();
            if (isCountRight(elements.size(), at))
                for (std::size_t i = 0; i < elements.size(); ++i)
                    readMapping(elements[i], childPointer(at, i));
        } else if (value.isArray()) {
            const std::vector<JsonValue> elements = value.elements();
            if (isCountRight(elements.size(), pointer))
                for (std::size_t i = 0; i < elements.size(); ++i)
                    readPattern(elements[i], childPointer(pointer, i), Dialect::EventBus);
        } else {
            readPattern(value, pointer, Dialect::EventBus);
        }
    }

    std::vector<EventPattern> patterns;
    Errors errors;

private:
    bool isCountRight(std::size_t count, const std::string& pointer)
    {
        if (count == 0)
            errors.push_back(errorAt(m_text, pointer, false, Error::Code::Malformed,
                                     "a list of patterns needs at least one",
                                     "write a pattern, or leave the filter out"));
        else if (count > m_most)
            errors.push_back(errorAt(
                m_text, pointer, false, Error::Code::LimitReached,
                fmt::format("{} patterns are too many: at most {}", count, m_most),
                fmt::format("put several values into one pattern; the platform gives {} to a "
                            "source, and {} on request",
                            kDefaultFilters, kMaxFilters)));
        return count > 0 && count <= m_most;
    }

    void readMapping(const JsonValue& filter, const std::string& pointer)
    {
        const JsonMember pattern = *memberOf(filter, "pattern", "Pattern");
        for (const JsonMember& member : filter.members())
            if (member.key != pattern.key)
                errors.push_back(errorAt(m_text, childPointer(pointer, member.key), true,
                                         Error::Code::UnknownKey,
                                         fmt::format("a filter has no key \"{}\"", member.key),
                                         "a filter has one key, \"pattern\""));
        const std::string at = childPointer(pointer, pattern.key);
        if (pattern.value.isString())
            readQuoted(pattern.value.string(), at);
        else
            readPattern(pattern.value, at, Dialect::EventSource);
    }

    /// Places inside of a text are told in words: in the file, it is one value.
    void readQuoted(std::string pattern, const std::string& pointer)
    {
        PatternReading reading
            = EventPattern::parse(std::move(pattern), m_text.fileName(), Dialect::EventSource);
        for (Error& error : reading.errors)
            errors.push_back(errorAt(m_text, pointer, false, error.code,
                                     fmt::format("{} (line {}, column {} of this text)",
                                                 error.message, error.line, error.column),
                                     error.hint));
        if (reading.pattern)
            patterns.push_back(std::move(*reading.pattern));
    }

    void readPattern(const JsonValue& pattern, const std::string& pointer, Dialect dialect)
    {
        PatternReading reading = EventPattern::read(m_text, pattern, pointer, dialect);
        std::ranges::move(reading.errors, std::back_inserter(errors));
        if (reading.pattern)
            patterns.push_back(std::move(*reading.pattern));
    }

    const JsonText& m_text;
    std::size_t m_most;
};

} // namespace

FilterReading EventFilter::read(const JsonText& text, const JsonValue& value,
                                const std::string& pointer, std::size_t most)
{
    FilterReader reader(text, most);
    reader.read(value, pointer);
    FilterReading reading{std::nullopt, std::move(reader.errors)};
    if (reading.errors.empty())
        reading.filter = EventFilter(std::move(reader.patterns));
    return reading;
}

FilterReading EventFilter::parse(std::string text, std::string fileName, std::size_t most)
{
    const auto parsed = parseJson(std::move(text), std::move(fileName));
    if (!parsed)
        return {std::nullopt, {parsed.error()}};
    return read(*parsed, parsed->root(), {}, most);
}

bool EventFilter::matches(const json& event) const
{
    return std::ranges::any_of(m_patterns,
                               [&](const EventPattern& pattern) { return pattern.matches(event); });
}

bool EventFilter::matchesText(std::string_view event) const
{
    if (isTooDeep(event))
        return false;
    const json parsed = json::parse(event, nullptr, false);
    return !parsed.is_discarded() && matches(parsed);
}

std::optional<Mismatch> EventFilter::mismatch(const json& event) const
{
    if (matches(event))
        return std::nullopt;
    auto first = m_patterns.front().mismatch(event);
    if (first && m_patterns.size() > 1)
        first->reason += fmt::format("; none of the {} patterns matches", m_patterns.size());
    return first;
}

} // namespace coldframe::patterns
