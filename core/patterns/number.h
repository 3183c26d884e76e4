#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <nlohmann/json_fwd.hpp>

namespace coldframe::patterns {

/// A JSON number by its value: 300, 300.0 and 3.0e2 are one number. Whole numbers of 64 bits are
/// exact, all others are the nearest double.
class Number {
public:
    /// From its spelling in JSON; nothing when it is larger than any double.
    static std::optional<Number> read(std::string_view raw);
    /// `value` is a number.
    static Number of(const nlohmann::json& value);

    std::partial_ordering operator<=>(const Number& other) const;
    bool operator==(const Number& other) const { return (*this <=> other) == 0; }
    /// Whether a double holds it without rounding.
    bool fitsDouble() const;

private:
    using Value = std::variant<std::int64_t, std::uint64_t, double>;
    explicit Number(Value value) : m_value(value) { }
    Value m_value; ///< unsigned only where signed does not do
};

} // namespace coldframe::patterns
