#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "model/error.h"
#include "model/json_text.h"
#include "patterns/dialect.h"
#include "patterns/mismatch.h"

namespace coldframe::patterns {

struct PatternReading;

/// An event pattern, as rules of an event bus and filters of event sources have them: what the
/// fields of an event must be like. Cheap to copy; may be used by several threads at once.
///
/// - All fields of a pattern must be right, and a field is right when one of its values meets one
///   of the conditions in its list. "$or" takes several objects, one of which must be right.
/// - A list in an event stands for each of its elements. Fields below a list of objects must be
///   right in one and the same element.
/// - Numbers are compared by value: 300 is 300.0. EventBridge documents -5.0e9 … 5.0e9 and six
///   decimals; here, as in the library it runs, all doubles compare.
/// - Letters in keys and values must be the same, unless an operator ignores case.
///
/// Source: docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators and
/// …/eb-event-patterns-arrays; github.com/aws/event-ruler, README, "JSON Array Matching"; read
/// 2026-11.
class EventPattern {
public:
    /// `pattern` is a value of `text` and stands at `pointer`.
    static PatternReading read(const JsonText& text, const JsonValue& pattern,
                               const std::string& pointer, Dialect dialect = Dialect::EventBus);
    /// A file that holds a pattern and nothing else.
    static PatternReading parse(std::string text, std::string fileName,
                                Dialect dialect = Dialect::EventBus);

    bool matches(const nlohmann::json& event) const;
    /// The first thing that keeps an event from matching; nothing when it matches. Of several
    /// branches it is told of the one that got furthest.
    std::optional<Mismatch> mismatch(const nlohmann::json& event) const;

private:
    struct Compiled;
    explicit EventPattern(std::shared_ptr<const Compiled> compiled)
        : m_compiled(std::move(compiled))
    { }
    std::shared_ptr<const Compiled> m_compiled;
};

struct PatternReading {
    std::optional<EventPattern> pattern; ///< set when `errors` is empty
    std::vector<Error> errors; ///< all that were found, in the order of the text
};

} // namespace coldframe::patterns
