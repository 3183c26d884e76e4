#include "cost/decimal.h"

#include <algorithm>

namespace coldframe::cost {
namespace {

constexpr std::size_t kDecimals = 12;
constexpr std::size_t kDigitsBefore = 6; // below a million dollars, so that prices times counts fit

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

} // namespace

tl::expected<std::int64_t, std::string> parsePicodollars(std::string_view text)
{
    if (text.starts_with('-'))
        return tl::unexpected(std::string("cannot be negative"));
    const std::size_t dot = std::min(text.find('.'), text.size());
    const std::string_view whole = text.substr(0, dot);
    const std::string_view part = dot < text.size() ? text.substr(dot + 1) : "0";
    if (whole.empty() || part.empty() || !std::ranges::all_of(whole, isDigit)
        || !std::ranges::all_of(part, isDigit))
        return tl::unexpected(std::string("must be a plain decimal number such as \"0.20\""));
    if (whole.size() > kDigitsBefore)
        return tl::unexpected(std::string("must be below 1000000 USD"));
    if (part.size() > kDecimals)
        return tl::unexpected(std::string("may have 12 decimals at most (a picodollar)"));
    std::int64_t amount = 0;
    for (const char digit : whole)
        amount = amount * 10 + (digit - '0');
    for (std::size_t i = 0; i < kDecimals; ++i)
        amount = amount * 10 + (i < part.size() ? part[i] - '0' : 0);
    return amount;
}

} // namespace coldframe::cost
