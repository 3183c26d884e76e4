#include "cost/decimal.h"

#include <algorithm>

#include <fmt/format.h>

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

std::string decimalText(std::int64_t picodollars)
{
    std::string text = roundedText(picodollars, kDecimals);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
        text.pop_back();
    return text;
}

std::string roundedText(std::int64_t picodollars, int decimals)
{
    std::uint64_t step = 1, perDollar = 1;
    for (int i = 0; i < static_cast<int>(kDecimals) - decimals; ++i)
        step *= 10;
    for (int i = 0; i < decimals; ++i)
        perDollar *= 10;
    const auto size = picodollars < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(picodollars)
                                      : static_cast<std::uint64_t>(picodollars);
    const std::uint64_t units = (size + step / 2) / step;
    const std::string sign = picodollars < 0 && units > 0 ? "-" : "";
    if (decimals == 0)
        return fmt::format("{}{}", sign, units);
    return fmt::format("{}{}.{:0{}}", sign, units / perDollar, units % perDollar, decimals);
}

} // namespace coldframe::cost
