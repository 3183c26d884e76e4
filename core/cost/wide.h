#pragma once

namespace coldframe::cost {

/// 128 bits without sign. A month's compute at the last price tier is 1.5e22 MB·ns, past 64 bits.
__extension__ typedef unsigned __int128 Wide;

inline constexpr Wide kEndless = ~Wide{0};

/// For display only.
constexpr double toDouble(Wide amount)
{
    return static_cast<double>(amount);
}

/// Sums that stop at the largest value instead of wrapping.
constexpr Wide addUpTo(Wide a, Wide b)
{
    return a > kEndless - b ? kEndless : a + b;
}
constexpr Wide timesUpTo(Wide a, Wide b)
{
    return b != 0 && a > kEndless / b ? kEndless : a * b;
}

} // namespace coldframe::cost
