#pragma once

#include <cstddef>
#include <string_view>

namespace coldframe::check::detail {

/// About how many states an automaton needs for a regular expression: what stands under {n,m} is
/// repeated. Says "too many" (SIZE_MAX) early; knows nothing of other mistakes in the pattern.
std::size_t patternSize(std::string_view pattern);

} // namespace coldframe::check::detail
