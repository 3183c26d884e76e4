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

/// The shortest text that parsePicodollars() reads as this amount; a minus before what is negative.
std::string decimalText(std::int64_t picodollars);

/// With so many decimals, up to 12; halves are rounded away from zero, as price pages round.
std::string roundedText(std::int64_t picodollars, int decimals);

} // namespace coldframe::cost
