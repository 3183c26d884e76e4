#include "patterns/number.h"

#include <charconv>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

namespace coldframe::patterns {

namespace {

constexpr double kTwoTo63 = 9'223'372'036'854'775'808.0;
constexpr double kTwoTo64 = 2 * kTwoTo63;

template <typename T> std::optional<T> whole(std::string_view text)
{
    T value{};
    const char* const end = text.data() + text.size();
    const auto [at, problem] = std::from_chars(text.data(), end, value);
    return problem == std::errc() && at == end ? std::optional(value) : std::nullopt;
}

/// A whole number against a double, without rounding either.
template <typename Whole> std::partial_ordering compareMixed(Whole number, double other)
{
    if (std::isnan(other))
        return std::partial_ordering::unordered;
    if (other >= kTwoTo64)
        return std::partial_ordering::less;
    if (other < -kTwoTo63)
        return std::partial_ordering::greater;
    const double floor = std::floor(other);
    const auto order = [&](auto truncated) -> std::partial_ordering {
        if (std::cmp_less(number, truncated))
            return std::partial_ordering::less;
        if (std::cmp_greater(number, truncated))
            return std::partial_ordering::greater;
        return floor < other ? std::partial_ordering::less : std::partial_ordering::equivalent;
    };
    return floor < 0 ? order(static_cast<std::int64_t>(floor))
                     : order(static_cast<std::uint64_t>(floor));
}

std::partial_ordering reversed(std::partial_ordering order)
{
    return 0 <=> order;
}

std::partial_ordering compareValues(double a, double b)
{
    return a <=> b;
}
template <typename Whole> std::partial_ordering compareValues(Whole a, double b)
{
    return compareMixed(a, b);
}
template <typename Whole> std::partial_ordering compareValues(double a, Whole b)
{
    return reversed(compareMixed(b, a));
}
template <typename A, typename B> std::partial_ordering compareValues(A a, B b)
{
    return std::cmp_less(a, b)   ? std::partial_ordering::less
        : std::cmp_greater(a, b) ? std::partial_ordering::greater
                                 : std::partial_ordering::equivalent;
}

} // namespace

std::optional<Number> Number::read(std::string_view raw)
{
    if (const auto number = whole<std::int64_t>(raw))
        return Number(*number);
    if (const auto number = whole<std::uint64_t>(raw))
        return Number(*number);
    const auto number = whole<double>(raw);
    if (number && std::isfinite(*number))
        return Number(*number);
    return std::nullopt;
}

Number Number::of(const nlohmann::json& value)
{
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        return std::in_range<std::int64_t>(number) ? Number(static_cast<std::int64_t>(number))
                                                   : Number(number);
    }
    return value.is_number_integer() ? Number(value.get<std::int64_t>())
                                     : Number(value.get<double>());
}

std::partial_ordering Number::operator<=>(const Number& other) const
{
    return std::visit([](auto a, auto b) { return compareValues(a, b); }, m_value, other.m_value);
}

bool Number::fitsDouble() const
{
    return std::visit([this](auto value) { return *this == Number(static_cast<double>(value)); },
                      m_value);
}

} // namespace coldframe::patterns
