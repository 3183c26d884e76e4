#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "patterns/condition.h"

// Inside of this room: conditions in words.
namespace coldframe::patterns {

/// Why values meet none of the conditions: "\"a\" is not one of \"b\" and \"c\"". `scalars` holds
/// at least one.
std::string whyNot(const std::vector<Condition>& conditions,
                   const std::vector<const nlohmann::json*>& scalars);

/// A value as JSON, shortened for a message.
std::string shown(const nlohmann::json& value);

} // namespace coldframe::patterns
