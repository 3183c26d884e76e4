#pragma once

#include <string_view>

#include "model/json_text.h"

namespace coldframe::check {

/// Whether two JSON numbers have the same value, however they are written and however many digits
/// they have: 1, 1.0 and 10e-1 are equal, 0.1 and 0.10000000000000001 are not.
bool sameNumber(std::string_view a, std::string_view b);

/// Deep equality: objects by key in any order, lists by position, numbers by value.
bool sameValue(const JsonValue& a, const JsonValue& b);

} // namespace coldframe::check
