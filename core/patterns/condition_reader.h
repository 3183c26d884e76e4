#pragma once

#include <string>
#include <vector>

#include "patterns/findings.h"
#include "patterns/tree.h"

// Inside of this room: reads the list of values that a field may have.
namespace coldframe::patterns {

/// The conditions of a list that stands at `pointer`. What is wrong is added to `findings`, and
/// left out.
Conditions readConditions(const JsonValue& list, const std::string& pointer, Findings& findings);

/// Whether a field's name is one of an operator: a branch of "$or" must not have such a field.
bool isReservedName(const std::string& name);

} // namespace coldframe::patterns
