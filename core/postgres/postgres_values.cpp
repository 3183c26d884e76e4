#include <charconv>
#include <cmath>
#include <limits>

#include "postgres/pgoutput.h"

namespace coldframe::postgres {

using sources::RowValue;

namespace {

// OIDs of pg_type.dat, which never change.
enum TypeOid : std::uint32_t {
    kBool = 16,
    kBytea = 17,
    kInt8 = 20,
    kInt2 = 21,
    kInt4 = 23,
    kOid = 26,
    kFloat4 = 700,
    kFloat8 = 701,
    kNumeric = 1700,
};

RowValue wholeNumber(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size())
        return std::string(text);
    return number;
}

RowValue realNumber(std::string_view text)
{
    constexpr double kInfinite = std::numeric_limits<double>::infinity();
    if (text == "Infinity" || text == "-Infinity")
        return text.front() == '-' ? -kInfinite : kInfinite;
    if (text == "NaN")
        return std::numeric_limits<double>::quiet_NaN();
    double number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (end != text.data() + text.size() || code == std::errc::invalid_argument)
        return std::string(text);
    return number;
}

int hexDigit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

RowValue bytesOf(std::string_view text)
{
    if (!text.starts_with("\\x") || text.size() % 2 != 0)
        return std::string(text);
    sources::Blob blob;
    blob.bytes.reserve(text.size() / 2 - 1);
    for (std::size_t i = 2; i < text.size(); i += 2) {
        const int high = hexDigit(text[i]), low = hexDigit(text[i + 1]);
        if (high < 0 || low < 0)
            return std::string(text);
        blob.bytes += static_cast<char>(high << 4 | low);
    }
    return blob;
}

} // namespace

RowValue valueOf(std::uint32_t type, std::string_view text)
{
    switch (type) {
    case kBool:
        return text == "t";
    case kInt2:
    case kInt4:
    case kInt8:
    case kOid:
        return wholeNumber(text);
    case kFloat4:
    case kFloat8:
        return realNumber(text);
    case kNumeric:
        return sources::Decimal{std::string(text)};
    case kBytea:
        return bytesOf(text);
    default:
        return std::string(text);
    }
}

} // namespace coldframe::postgres
