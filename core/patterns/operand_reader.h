#pragma once

#include <optional>
#include <string>

#include "patterns/condition.h"
#include "patterns/findings.h"

// Inside of this room: one reader for each operator. `pointer` is where the operand stands; what
// is wrong with it is added to `findings`.
namespace coldframe::patterns {

std::optional<Condition> readAnythingBut(const JsonValue& operand, const std::string& pointer,
                                         Findings& findings);
std::optional<Condition> readAddressBlock(const JsonValue& operand, const std::string& pointer,
                                          Findings& findings);
std::optional<Condition> readEqualsIgnoreCase(const JsonValue& operand, const std::string& pointer,
                                              Findings& findings);
std::optional<Condition> readExactly(const JsonValue& operand, const std::string& pointer,
                                     Findings& findings);
std::optional<Condition> readExists(const JsonValue& operand, const std::string& pointer,
                                    Findings& findings);
std::optional<Condition> readNumeric(const JsonValue& operand, const std::string& pointer,
                                     Findings& findings);
std::optional<Condition> readPrefix(const JsonValue& operand, const std::string& pointer,
                                    Findings& findings);
std::optional<Condition> readSuffix(const JsonValue& operand, const std::string& pointer,
                                    Findings& findings);
std::optional<Condition> readWildcard(const JsonValue& operand, const std::string& pointer,
                                      Findings& findings);

/// A wildcard that is written right. For "wildcard" and for "anything-but" of one.
std::optional<TextRule> readWildcardText(const JsonValue& operand, const std::string& pointer,
                                         Findings& findings);
/// A number that numbers can be compared with; `of` names what it belongs to: "<".
std::optional<Number> readThreshold(const JsonValue& operand, const std::string& pointer,
                                    const std::string& of, Findings& findings);

} // namespace coldframe::patterns
