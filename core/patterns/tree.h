#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "patterns/condition.h"

// A pattern as it is kept. Inside of this room.
namespace coldframe::patterns {

using Conditions = std::shared_ptr<const std::vector<Condition>>;

/// A field that an event must have. A dot in a name is a step down: "a.b" is field b of field a,
/// in patterns and in events alike.
/// Source: docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns, "Considerations
/// when creating event patterns", read 2026-11.
struct Field {
    std::string name;
    std::string dotted; ///< the name and a dot: how the keys of its fields may begin
    Conditions values; ///< null: only its fields count
    std::vector<Field> fields;
};

/// A pattern without "$or": all of its fields must be right.
using Alternative = std::vector<Field>;

/// A pattern as it is written, in its order.
struct Written;
using WrittenFields = std::vector<Written>;
struct Written {
    std::string name; ///< of a field; empty of a "$or"
    /// Of a field its values or its fields; of a "$or" its branches.
    std::variant<Conditions, WrittenFields, std::vector<WrittenFields>> what;
};

/// How many combinations of branches the platform counts: the product over every "$or". Stops
/// counting past `limit`.
std::size_t combinations(const WrittenFields& fields, std::size_t limit);

/// Fields that have values, in all branches.
std::size_t countFields(const WrittenFields& fields);

/// One alternative for each combination. Of values that are given twice for a field the last ones
/// count, as on the platform.
std::vector<Alternative> alternatives(const WrittenFields& fields);

} // namespace coldframe::patterns
