#include "patterns/event_pattern.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "patterns/evaluate.h"
#include "patterns/explain.h"
#include "patterns/pattern_reader.h"

namespace coldframe::patterns {

struct EventPattern::Compiled {
    std::vector<Alternative> alternatives;
};

PatternReading EventPattern::read(const JsonText& text, const JsonValue& pattern,
                                  const std::string& pointer, Dialect dialect)
{
    PatternReading reading;
    Findings findings{text, dialect, reading.errors};
    auto alternatives = readAlternatives(pattern, pointer, findings);
    if (alternatives)
        reading.pattern
            = EventPattern(std::make_shared<const Compiled>(Compiled{std::move(*alternatives)}));
    return reading;
}

PatternReading EventPattern::parse(std::string text, std::string fileName, Dialect dialect)
{
    const auto parsed = parseJson(std::move(text), std::move(fileName));
    if (!parsed)
        return {std::nullopt, {parsed.error()}};
    return read(*parsed, parsed->root(), {}, dialect);
}

bool EventPattern::matches(const nlohmann::json& event) const
{
    return event.is_object()
        && std::ranges::any_of(m_compiled->alternatives, [&](const Alternative& alternative) {
               return evaluate(alternative, &event) != Outcome::Fails;
           });
}

std::optional<Mismatch> EventPattern::mismatch(const nlohmann::json& event) const
{
    if (matches(event))
        return std::nullopt;
    return explain(m_compiled->alternatives, event);
}

} // namespace coldframe::patterns
