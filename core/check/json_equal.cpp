#include "check/json_equal.h"

#include <charconv>
#include <map>
#include <optional>
#include <string>

namespace coldframe::check {

namespace {

/// A number as its significant digits and a power of ten. Zero has no digits.
struct Decimal {
    bool negative = false;
    std::string digits; ///< without zeros at either end
    std::int64_t exponent = 0; ///< of the last digit
    bool operator==(const Decimal&) const = default;
};

/// Nothing when the exponent is beyond all reason.
std::optional<Decimal> decimalOf(std::string_view text)
{
    Decimal number;
    number.negative = text.starts_with('-');
    const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
    std::int64_t afterPoint = 0;
    bool pointSeen = false;
    for (const char c : text.substr(0, mark)) {
        if (c == '.')
            pointSeen = true;
        else if (c >= '0' && c <= '9') {
            number.digits += c;
            afterPoint += pointSeen ? 1 : 0;
        }
    }
    if (mark < text.size()) {
        std::string_view power = text.substr(mark + 1);
        power.remove_prefix(power.starts_with('+') ? 1 : 0);
        const auto [end, problem]
            = std::from_chars(power.data(), power.data() + power.size(), number.exponent);
        constexpr std::int64_t kLargest = 1'000'000'000'000;
        if (problem != std::errc() || number.exponent > kLargest || number.exponent < -kLargest)
            return std::nullopt;
    }
    number.exponent -= afterPoint;
    const std::size_t first = number.digits.find_first_not_of('0');
    if (first == std::string::npos)
        return Decimal{}; // 0, -0, 0e5
    const std::size_t last = number.digits.find_last_not_of('0');
    number.exponent += static_cast<std::int64_t>(number.digits.size() - 1 - last);
    number.digits = number.digits.substr(first, last - first + 1);
    return number;
}

bool sameList(const JsonValue& a, const JsonValue& b)
{
    const auto left = a.elements(), right = b.elements();
    if (left.size() != right.size())
        return false;
    for (std::size_t i = 0; i < left.size(); ++i)
        if (!sameValue(left[i], right[i]))
            return false;
    return true;
}

bool sameObject(const JsonValue& a, const JsonValue& b)
{
    const auto left = a.members(), right = b.members();
    if (left.size() != right.size())
        return false;
    std::map<std::string_view, const JsonValue*> byKey;
    for (const JsonMember& member : right)
        byKey.emplace(member.key, &member.value);
    for (const JsonMember& member : left) {
        const auto found = byKey.find(member.key);
        if (found == byKey.end() || !sameValue(member.value, *found->second))
            return false;
    }
    return true;
}

} // namespace

bool sameNumber(std::string_view a, std::string_view b)
{
    if (a == b)
        return true;
    const auto left = decimalOf(a), right = decimalOf(b);
    return left && right && *left == *right;
}

bool sameValue(const JsonValue& a, const JsonValue& b)
{
    using Kind = JsonValue::Kind;
    if (a.kind() != b.kind())
        return false;
    switch (a.kind()) {
    case Kind::Null:
        return true;
    case Kind::Boolean:
        return a.boolean() == b.boolean();
    case Kind::Number:
        return sameNumber(a.raw(), b.raw());
    case Kind::String:
        return a.raw() == b.raw() || a.string() == b.string();
    case Kind::Array:
        return sameList(a, b);
    case Kind::Object:
        return sameObject(a, b);
    }
    return false;
}

} // namespace coldframe::check
