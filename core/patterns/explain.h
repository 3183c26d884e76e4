#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "patterns/mismatch.h"
#include "patterns/tree.h"

// Inside of this room: says what keeps an event from matching.
namespace coldframe::patterns {

/// `event` matches none of the alternatives.
Mismatch explain(const std::vector<Alternative>& alternatives, const nlohmann::json& event);

} // namespace coldframe::patterns
