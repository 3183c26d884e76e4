#pragma once

#include <optional>
#include <string>
#include <vector>

#include "patterns/findings.h"
#include "patterns/tree.h"

// Inside of this room: reads a whole pattern.
namespace coldframe::patterns {

/// Most combinations that the branches of all "$or" of one pattern may have.
/// Source: docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators, "Or
/// matching", read 2026-11.
inline constexpr std::size_t kMaxCombinations = 1'000;

/// Most fields of one pattern, and most of them when each is counted once for every combination:
/// what is kept of it stays small. The platform takes 2,048 characters.
inline constexpr std::size_t kMaxFields = 5'000;
inline constexpr std::size_t kMaxFieldsOfAll = 100'000;

/// The pattern that stands at `pointer`, without "$or": one of the alternatives must match.
/// Nothing when anything was added to `findings`.
std::optional<std::vector<Alternative>>
readAlternatives(const JsonValue& pattern, const std::string& pointer, Findings& findings);

} // namespace coldframe::patterns
