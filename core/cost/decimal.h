#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace coldframe::cost {

/// Reads an amount of US dollars such as "0.0000166667" into whole picodollars, without ever
/// passing through floating point.
///
/// Errors, as words that follow "price": a sign, an exponent, more than 12 decimals (a picodollar
/// is the smallest amount), 1,000,000 dollars or more.
tl::expected<std::int64_t, std::string> parsePicodollars(std::string_view text);

} // namespace coldframe::cost
