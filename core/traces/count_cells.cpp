#include "traces/count_cells.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include <fmt/format.h>

#include "traces/invocations_file.h"
#include "traces/numbers.h"

// Most of a day's file is "0,0,0,0,": a function is silent in most minutes. So the columns are read
// in words: eight bytes hold four columns of one digit, and 32 bytes of silence are one comparison.
namespace coldframe::traces {

namespace {

static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");

constexpr std::uint64_t kSilence = 0x2c302c302c302c30U; // "0,0,0,0,"
constexpr std::uint64_t kCommas = 0x2c002c002c002c00U;
constexpr std::uint64_t kDigits = 0x0030003000300030U;
constexpr std::uint64_t kBeyondNine = 0x7ff67ff67ff67ff6U; // added, sets the top bit from 10 on
constexpr std::uint64_t kTopBits = 0x8000800080008000U;
constexpr std::size_t kColumnsOfWord = 4;

std::uint64_t wordAt(const char* at)
{
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    return word;
}

bool silent(const char* at)
{
    return ((wordAt(at) ^ kSilence) | (wordAt(at + 8) ^ kSilence) | (wordAt(at + 16) ^ kSilence)
            | (wordAt(at + 24) ^ kSilence))
        == 0;
}

/// Four columns of one digit: their digits, one in each 16 bits; false if they are not that.
bool fourDigits(const char* at, std::uint64_t& digits)
{
    digits = wordAt(at) ^ kCommas ^ kDigits; // a comma becomes 0 and a digit its value
    return (((digits + kBeyondNine) | digits) & kTopBits) == 0;
}

/// A number of any length and what must come after it.
Result<std::uint32_t> readCell(const CsvText& csv, const InvocationsHeader& header, const char*& at,
                               std::size_t column)
{
    constexpr int kSafeDigits = 9;
    const char* const end = csv.text.data() + csv.text.size();
    const char* p = at;
    std::uint32_t value = 0;
    while (p != end && *p >= '0' && *p <= '9' && p - at < kSafeDigits)
        value = value * 10 + static_cast<std::uint32_t>(*p++ - '0');
    if (p != at && (p == end || *p == ',' || atLineEnd(p, end))) {
        at = p;
        return value;
    }
    return readCount(
        csv, at,
        fmt::format("the count of minute {}", header.nameOfFirst + static_cast<int>(column)));
}

} // namespace

void CellWriter::endRow(double share)
{
    constexpr double kMargin = 1.05;
    constexpr std::size_t kSample = 1U << 16; // cells, before an estimate is worth anything
    const std::size_t size = m_counts.counts.size() + m_used;
    if (size > m_counts.counts.capacity()) {
        const double expected = static_cast<double>(size) / share * kMargin;
        const std::size_t room
            = size < kSample ? kSample : std::max(size, static_cast<std::size_t>(expected));
        m_counts.minutes.reserve(room);
        m_counts.counts.reserve(room);
    }
    const auto used = static_cast<std::ptrdiff_t>(m_used);
    m_counts.minutes.insert(m_counts.minutes.end(), m_minutes.begin(), m_minutes.begin() + used);
    m_counts.counts.insert(m_counts.counts.end(), m_row.begin(), m_row.begin() + used);
    m_counts.first.push_back(size);
}

Result<void> readCells(const CsvText& csv, const InvocationsHeader& header, const char*& at,
                       CellWriter& cells)
{
    const char* const end = csv.text.data() + csv.text.size();
    const std::size_t minutes = header.minutes;
    const char* p = at;
    for (std::size_t column = 0; column < minutes;) {
        const std::size_t columnsLeft = minutes - column;
        const auto bytesLeft = static_cast<std::size_t>(end - p);
        if (columnsLeft > 4 * kColumnsOfWord && bytesLeft >= 32 && silent(p)) {
            p += 32, column += 4 * kColumnsOfWord;
            continue;
        }
        std::uint64_t digits = 0;
        if (columnsLeft > kColumnsOfWord && bytesLeft >= 8 && fourDigits(p, digits)) {
            while (digits != 0) {
                const int lane = std::countr_zero(digits) / 16;
                const std::uint64_t mask = std::uint64_t{0xffff} << (lane * 16);
                cells.add(column + static_cast<std::size_t>(lane),
                          static_cast<std::uint32_t>((digits & mask) >> (lane * 16)));
                digits &= ~mask;
            }
            p += 8, column += kColumnsOfWord;
            continue;
        }
        auto count = readCell(csv, header, p, column);
        if (!count)
            return tl::unexpected(count.error());
        if (*count > 0)
            cells.add(column, *count);
        ++column;
        if (column == minutes)
            break;
        if (atLineEnd(p, end))
            return tl::unexpected(
                tooFewColumns(csv, p, header.firstMinute + column, header.header.columns()));
        ++p; // the comma
    }
    at = p;
    return {};
}

} // namespace coldframe::traces
