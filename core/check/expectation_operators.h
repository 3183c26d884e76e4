#pragma once

#include <map>
#include <optional>
#include <string>

#include "check/pattern.h"
#include "model/json_reader.h"

// Objects with one key that begins with $ say how a value is compared. Inside of this room.
namespace coldframe::check {

enum class Operator {
    Contains, ///< a list that has, for each element of the operand, one that matches it
    Json, ///< a text that holds JSON which matches the operand
    Matches, ///< a text, or anything else as JSON, in which the pattern is found
};
struct Operation {
    Operator kind;
    JsonValue operand;
};

inline constexpr const char* kContains = "$contains";
inline constexpr const char* kJson = "$json";
inline constexpr const char* kMatches = "$matches";

/// The operation that a value stands for; nothing when it stands for itself.
std::optional<Operation> operationOf(const JsonValue& value);

/// Checks the operators in a value, at any depth, and compiles its patterns into `patterns`.
void readOperators(const JsonText& text, const JsonValue& value, const std::string& pointer,
                   std::map<std::string, Pattern>& patterns, Errors& errors);

/// Compiles the pattern that stands at a pointer; records what is wrong with it.
std::optional<Pattern> readPattern(const JsonText& text, const JsonValue& value,
                                   const std::string& pointer, const std::string& what,
                                   Errors& errors);

} // namespace coldframe::check
