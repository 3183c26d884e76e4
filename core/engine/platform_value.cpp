#include "engine/platform_value.h"

#include <fmt/format.h>

#include "model/json_reader.h"

namespace coldframe::engine::detail {
namespace {

constexpr std::int64_t kYear = std::int64_t{366} * 24 * 3600 * 1'000'000'000; // in ns
constexpr std::size_t kMaxPoints = 1000; // of a curve or list

struct Unit {
    std::string_view name;
    std::int64_t size;
};
// clang-format off
constexpr Unit kTimeUnits[] = {{"ns", 1}, {"us", 1'000}, {"ms", 1'000'000}, {"s", 1'000'000'000},
                               {"min", 60'000'000'000}, {"h", 3'600'000'000'000}};
constexpr Unit kByteUnits[] = {{"bytes", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}};
// clang-format on

Error fault(Error::Code code, std::string pointer, std::string message, std::string hint = {})
{
    return {code, std::move(message), std::move(hint), {}, std::move(pointer), 0, 0};
}

/// The units a figure may be given in; none for what is not converted.
std::span<const Unit> unitsOf(Kind kind)
{
    switch (kind) {
    case Kind::Time:
    case Kind::Times:
    case Kind::Survival:
        return kTimeUnits;
    case Kind::Bytes:
        return kByteUnits;
    default:
        return {};
    }
}

/// How many of the smallest unit (ns, bytes, or 1) the figure's unit is.
Result<std::int64_t> sizeOf(const Key& key, const std::string& unit)
{
    const bool unitless = key.kind == Kind::Choice || key.kind == Kind::Flag;
    std::string wanted(unitless ? std::string_view() : key.unit);
    if (unitsOf(key.kind).empty() && unit == wanted)
        return 1;
    for (const Unit& known : unitsOf(key.kind)) {
        if (unit == known.name)
            return known.size;
        wanted += (wanted.empty() ? "" : ", ") + std::string(known.name);
    }
    const std::string pointer(key.pointer);
    if (unitless)
        return tl::unexpected(fault(Error::Code::Malformed, pointer + "/unit",
                                    "this figure has no unit", "leave \"unit\" out"));
    const std::string hint = "must be one of: " + wanted;
    if (unit.empty())
        return tl::unexpected(
            fault(Error::Code::Missing, pointer, "\"unit\" is missing or empty", "it " + hint));
    return tl::unexpected(fault(Error::Code::Malformed, pointer + "/unit",
                                fmt::format("unknown unit \"{}\"", unit), "it " + hint));
}

Result<std::int64_t> readWhole(const std::string& at, const JsonValue& value, std::int64_t min,
                               std::int64_t max, std::int64_t unit)
{
    const bool isNumber = value.kind() == JsonValue::Kind::Number;
    const std::optional<std::int64_t> whole = isNumber ? value.integer() : std::nullopt;
    if (!whole)
        return tl::unexpected(
            wrongValue(at, "a whole number (choose a smaller unit for fractions)", value));
    const std::int64_t least = min / unit + (min % unit != 0), most = max / unit;
    if (*whole < least || *whole > most)
        return tl::unexpected(
            fault(Error::Code::OutOfRange, at,
                  fmt::format("must be between {} and {}, got {}", least, most, *whole)));
    return *whole * unit;
}

/// A list of times, or of pairs whose first is a time or a whole number.
Result<Value> readPoints(const Key& key, const JsonValue& value, std::int64_t unit)
{
    const std::string at = std::string(key.pointer) + "/value";
    const bool times = key.kind == Kind::Times;
    Value out;
    if (!value.isArray() || value.elements().size() > kMaxPoints)
        return tl::unexpected(wrongValue(
            at, fmt::format("a list of at most {} {}", kMaxPoints, times ? "times" : "pairs"),
            value));
    std::size_t index = 0;
    for (const JsonValue& element : value.elements()) {
        const std::string here = childPointer(at, index++);
        const std::vector<JsonValue> pair
            = element.isArray() ? element.elements() : std::vector<JsonValue>{};
        if (!times && (pair.size() != 2 || pair[1].kind() != JsonValue::Kind::Number))
            return tl::unexpected(wrongValue(here, "a pair of numbers", element));
        const Result<std::int64_t> first = times ? readWhole(here, element, 0, kYear, unit)
                                                 : readWhole(here + "/0", pair[0], 0, kYear, unit);
        if (!first)
            return tl::unexpected(first.error());
        if (times)
            out.numbers.push_back(*first);
        else
            out.points.push_back({Duration(*first), pair[1].number()});
    }
    return out;
}

Result<Value> readName(const Key& key, const std::string& at, const JsonValue& value)
{
    if (!value.isString() || !isOneOf(value.string(), key.choices))
        return tl::unexpected(wrongValue(at, "one of " + joinNames(key.choices), value));
    Value out;
    out.name = value.string();
    return out;
}

} // namespace

Result<Value> readFigureValue(const Key& key, const JsonValue& value, const std::string& unit)
{
    const std::string at = std::string(key.pointer) + "/value";
    const auto whole = [](std::int64_t number) {
        Value out;
        out.number = number;
        return out;
    };
    const Result<std::int64_t> size = sizeOf(key, unit);
    if (!size)
        return tl::unexpected(size.error());
    switch (key.kind) {
    case Kind::Count:
    case Kind::Bytes:
        return readWhole(at, value, key.min, key.max, *size).map(whole);
    case Kind::Time:
        return readWhole(at, value, 0, kYear, *size).map(whole);
    case Kind::Ratio:
        if (value.kind() == JsonValue::Kind::Number && value.number() >= 0 && value.number() <= 1e6)
            return whole(static_cast<std::int64_t>(value.number() * 1e6 + 0.5));
        return tl::unexpected(wrongValue(at, "a number between 0 and 1000000", value));
    case Kind::Flag: {
        if (value.kind() != JsonValue::Kind::Boolean)
            return tl::unexpected(wrongValue(at, "true or false", value));
        Value out;
        out.flag = value.boolean();
        return out;
    }
    case Kind::Choice:
        return readName(key, at, value);
    case Kind::Times:
    case Kind::Survival:
    case Kind::Pairs:
        break;
    }
    return readPoints(key, value, *size);
}

Error wrongValue(const std::string& pointer, std::string_view wanted, const JsonValue& got)
{
    return fault(Error::Code::Malformed, pointer,
                 fmt::format("must be {}, got {}", wanted, excerpt(got)));
}

bool isOneOf(std::string_view name, std::string_view names)
{
    return fmt::format("|{}|", names).find(fmt::format("|{}|", name)) != std::string::npos;
}

std::string joinNames(std::string_view names)
{
    std::string text(names);
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
        text.replace(at, 1, ", ");
    return text;
}

} // namespace coldframe::engine::detail
