#include "cost/projection.h"

#include <algorithm>
#include <limits>

namespace coldframe::cost {
namespace {

constexpr std::uint64_t kMillion = 1'000'000;

} // namespace

Money perMillion(Money total, std::uint64_t attempts)
{
    if (attempts == 0)
        return {};
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    const Wide each
        = static_cast<Wide>(std::max<std::int64_t>(total.picodollars(), 0)) * kMillion / attempts;
    return Money::fromPicodollars(
        static_cast<std::int64_t>(std::min(each, static_cast<Wide>(kMost))));
}

double dollarsPerMillion(Money total, std::uint64_t attempts)
{
    return attempts == 0 ? 0 : total.toDollars() * 1e6 / static_cast<double>(attempts);
}

Meters projectToMonth(const Meters& observed, Duration over)
{
    using std::chrono::milliseconds;
    const auto window = std::chrono::floor<milliseconds>(over).count();
    if (window <= 0)
        return {};
    constexpr Wide kMonthMs = static_cast<Wide>(milliseconds(std::chrono::hours(730)).count());
    const auto scaled
        = [&](Wide amount) { return timesUpTo(amount, kMonthMs) / static_cast<Wide>(window); };
    Meters month;
    constexpr Wide kMostAttempts = std::numeric_limits<std::uint64_t>::max();
    month.attempts = static_cast<std::uint64_t>(std::min(scaled(observed.attempts), kMostAttempts));
    forEachResource([&](Resource r) { month[r] = scaled(observed[r]); });
    return month;
}

} // namespace coldframe::cost
