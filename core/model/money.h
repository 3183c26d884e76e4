#pragma once

#include <compare>
#include <cstdint>

namespace coldframe {

/// An amount of US dollars, counted in whole picodollars (1e-12 USD) so that sums never drift.
/// Holds about 9.2 million USD either way; going past that is a programmer error.
class Money {
public:
    constexpr Money() = default;
    static constexpr Money fromPicodollars(std::int64_t amount) { return Money(amount); }

    constexpr std::int64_t picodollars() const { return m_picodollars; }
    /// For charts and text only. Never feed the result back into a sum.
    constexpr double toDollars() const { return static_cast<double>(m_picodollars) * 1e-12; }

    constexpr Money operator+(Money b) const { return Money(m_picodollars + b.m_picodollars); }
    constexpr Money operator-(Money b) const { return Money(m_picodollars - b.m_picodollars); }
    constexpr Money& operator+=(Money b) { return *this = *this + b; }
    constexpr auto operator<=>(const Money&) const = default;

private:
    explicit constexpr Money(std::int64_t picodollars) : m_picodollars(picodollars) { }
    std::int64_t m_picodollars = 0;
};

} // namespace coldframe
