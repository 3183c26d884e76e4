#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "patterns/tree.h"

// Holds a pattern against an event. Inside of this room.
namespace coldframe::patterns {

/// Deepest nesting of lists in an event that is looked into.
inline constexpr int kMaxListDepth = 1'000;

/// How a part of a pattern fares. An event has many ways to be right: of a list of objects, one
/// element must have all fields that a pattern asks for. A field that must not be there is absent
/// from the chosen element, or, where nothing makes us choose, from all of them.
enum class Outcome {
    Fails,
    Absent, ///< right, as none of its fields is there and none has to be
    Present, ///< right, and at least one value has met a condition
};

/// The fields of one object, or of the elements of a list. `value` may be null: nothing is there.
Outcome evaluate(const std::vector<Field>& fields, const nlohmann::json* value, int depth = 0);
/// One field, by its value.
Outcome evaluate(const Field& field, const nlohmann::json* value, int depth = 0);
/// What a field's own list says of a value.
Outcome evaluate(const std::vector<Condition>& conditions, const nlohmann::json* value);

/// The value of a field in an object, or null. Where keys with dots lead there, what they lead to
/// is put together in `storage`.
const nlohmann::json* find(const nlohmann::json& object, const Field& field,
                           nlohmann::json& storage);

/// Every text, number, boolean and null of a value: itself, or those in its lists.
void collectScalars(const nlohmann::json& value, std::vector<const nlohmann::json*>& scalars,
                    int depth = 0);

} // namespace coldframe::patterns
