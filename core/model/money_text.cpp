#include "model/money_text.h"

#include <fmt/format.h>

namespace coldframe {

std::string usdText(Money amount)
{
    const bool negative = amount.picodollars() < 0;
    auto rest = static_cast<std::uint64_t>(amount.picodollars());
    if (negative)
        rest = 0 - rest;
    constexpr std::uint64_t kDollar = 1'000'000'000'000;
    std::string text
        = fmt::format("{}{}.{:012}", negative ? "-" : "", rest / kDollar, rest % kDollar);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.')
        text.pop_back();
    return text;
}

} // namespace coldframe
