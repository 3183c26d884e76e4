#pragma once

#include <cstdint>

#include "cost/meters.h"
#include "model/money.h"
#include "model/time.h"

namespace coldframe::cost {

/// A mean month: 365 days of 24 h over 12. What cloud price calculators use as well.
inline constexpr Duration kMonth = std::chrono::hours(730);

/// What a million attempts like these cost, rounded down. Stops at the most Money holds, about
/// 9.2 million USD; dollarsPerMillion() has no such end.
Money perMillion(Money total, std::uint64_t attempts);
/// The same for display. Zero when there were no attempts.
double dollarsPerMillion(Money total, std::uint64_t attempts);

/// What a month at this pace would meter, rounded down. Make its bill to see free and price tiers
/// at work; scaling the bill itself would be wrong by them. Under a millisecond of observation
/// nothing can be said: all zero.
Meters projectToMonth(const Meters& observed, Duration over);

} // namespace coldframe::cost
