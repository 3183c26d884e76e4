#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "patterns/event_pattern.h"

namespace coldframe::patterns {

/// Filters that one event source mapping has without a request for more, and at most.
/// Source: docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering, read 2026-11.
inline constexpr std::size_t kDefaultFilters = 5;
inline constexpr std::size_t kMaxFilters = 10;

struct FilterReading;

/// Patterns one of which must match. Cheap to copy; may be used by several threads at once.
class EventFilter {
public:
    /// A pattern, a list of patterns, or what event source mappings take:
    /// {"filters": [{"pattern": PATTERN}]}, also with capitals, and with a pattern written as a
    /// text as in the platform's API; that form has the rules of Dialect::EventSource.
    static FilterReading read(const JsonText& text, const JsonValue& value,
                              const std::string& pointer, std::size_t most = kMaxFilters);
    /// A file or a kept text that holds a filter and nothing else.
    static FilterReading parse(std::string text, std::string fileName,
                               std::size_t most = kMaxFilters);

    bool matches(const nlohmann::json& event) const;
    /// Whether an event matches that is still a text. A text that is no JSON does not.
    bool matchesText(std::string_view event) const;
    /// Why no pattern matches: of several, what is said of the first, and how many there are.
    std::optional<Mismatch> mismatch(const nlohmann::json& event) const;

    std::size_t size() const { return m_patterns.size(); }

private:
    explicit EventFilter(std::vector<EventPattern> patterns) : m_patterns(std::move(patterns)) { }
    std::vector<EventPattern> m_patterns; ///< at least one
};

struct FilterReading {
    std::optional<EventFilter> filter; ///< set when `errors` is empty
    std::vector<Error> errors; ///< all that were found, in the order of the text
};

} // namespace coldframe::patterns
