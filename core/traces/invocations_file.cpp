#include "traces/invocations_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "traces/count_cells.h"
#include "traces/numbers.h"

namespace coldframe::traces {

namespace {

constexpr std::array<std::string_view, 3> kInvocationColumns{"HashOwner", "HashApp",
                                                             "HashFunction"};
constexpr std::array<std::string_view, 1> kOptionalInvocationColumns{"Trigger"};

std::optional<int> minuteNamed(std::string_view name)
{
    int minute = 0;
    const auto [after, problem] = std::from_chars(name.data(), name.data() + name.size(), minute);
    if (problem != std::errc() || after != name.data() + name.size() || minute < 0)
        return std::nullopt;
    return minute;
}

/// The run of columns with rising numbers.
Result<void> findMinutes(const CsvText& csv, InvocationsHeader& found)
{
    const CsvHeader& header = found.header;
    std::size_t column = 0;
    while (column != header.columns() && !minuteNamed(header.name(column)))
        ++column;
    if (column == header.columns())
        return tl::unexpected(errorAt(csv, header.name(0).data(), Error::Code::Missing,
                                      "there are no columns of minutes",
                                      "columns named by whole numbers, as in 1,2,3, must follow "
                                      "the names"));
    found.firstMinute = column;
    found.nameOfFirst = *minuteNamed(header.name(column));
    for (; column != header.columns(); ++column) {
        const auto minute = minuteNamed(header.name(column));
        const int expected = found.nameOfFirst + static_cast<int>(found.minutes);
        if (!minute)
            break;
        if (*minute != expected)
            return tl::unexpected(
                errorAt(csv, header.name(column).data(), Error::Code::Missing,
                        fmt::format("the column of minute {} must stand here, not \"{}\"", expected,
                                    header.name(column)),
                        "columns of minutes follow each other, without a gap"));
        ++found.minutes;
    }
    for (; column != header.columns(); ++column)
        if (minuteNamed(header.name(column)))
            return tl::unexpected(errorAt(csv, header.name(column).data(), Error::Code::Malformed,
                                          "a column of a minute stands apart from the others",
                                          "move it next to them"));
    if (found.minutes > std::numeric_limits<std::uint16_t>::max())
        return tl::unexpected(errorAt(csv, header.name(0).data(), Error::Code::LimitReached,
                                      fmt::format("{} columns of minutes", found.minutes),
                                      "split the trace: at most 65,535, which are 45 days"));
    return {};
}

/// The fields before or after the minutes: names are kept, others skipped. Leaves `at` at the
/// comma or line end after the last.
Result<void> readNames(const CsvText& csv, const InvocationsHeader& header, std::size_t column,
                       std::size_t last, const char*& at, FunctionName& name)
{
    const char* const end = csv.text.data() + csv.text.size();
    for (;; ++column, ++at) {
        const char* const start = at;
        while (at != end && *at != ',' && *at != '\n')
            ++at;
        const char* stop = at;
        if (stop != start && stop[-1] == '\r')
            --stop;
        const std::string_view field(start, static_cast<std::size_t>(stop - start));
        if (column == header.owner)
            name.owner = field;
        else if (column == header.app)
            name.app = field;
        else if (column == header.function)
            name.function = field;
        if (column + 1 == last)
            return {};
        if (at == end || *at == '\n')
            return tl::unexpected(tooFewColumns(csv, at, column + 1, header.header.columns()));
    }
}

/// One line; `at` moves to the next.
Result<void> readRow(const CsvText& csv, const InvocationsHeader& header, const char*& at,
                     FunctionName& name, CellWriter& cells)
{
    const char* const end = csv.text.data() + csv.text.size();
    const std::size_t columns = header.header.columns();
    const std::size_t afterMinutes = header.firstMinute + header.minutes;
    if (header.firstMinute > 0) {
        if (auto names = readNames(csv, header, 0, header.firstMinute, at, name); !names)
            return names;
        if (atLineEnd(at, end))
            return tl::unexpected(tooFewColumns(csv, at, header.firstMinute, columns));
        ++at;
    }
    if (auto counts = readCells(csv, header, at, cells); !counts)
        return counts;
    if (afterMinutes != columns) {
        if (atLineEnd(at, end))
            return tl::unexpected(tooFewColumns(csv, at, afterMinutes, columns));
        ++at;
        if (auto names = readNames(csv, header, afterMinutes, columns, at, name); !names)
            return names;
    }
    if (at != end && *at == '\r')
        ++at;
    if (at != end && *at != '\n')
        return tl::unexpected(tooManyColumns(csv, at, columns));
    at += at != end;
    return {};
}

} // namespace

Result<InvocationsHeader> InvocationsHeader::read(const CsvText& csv)
{
    auto header = CsvHeader::read(csv);
    if (!header)
        return tl::unexpected(header.error());
    if (auto checked = header->check(csv, kInvocationColumns, kOptionalInvocationColumns); !checked)
        return tl::unexpected(checked.error());
    InvocationsHeader found{.header = std::move(*header)};
    found.owner = *found.header.find(kInvocationColumns[0]);
    found.app = *found.header.find(kInvocationColumns[1]);
    found.function = *found.header.find(kInvocationColumns[2]);
    if (auto minutes = findMinutes(csv, found); !minutes)
        return tl::unexpected(minutes.error());
    return found;
}

std::vector<std::string_view> splitRows(const CsvText& csv, const InvocationsHeader& header,
                                        std::size_t pieces)
{
    const char* const end = csv.text.data() + csv.text.size();
    const char* at = header.header.rows();
    const std::size_t length
        = static_cast<std::size_t>(end - at) / std::max<std::size_t>(pieces, 1);
    std::vector<std::string_view> ranges;
    while (at != end) {
        const auto left = static_cast<std::size_t>(end - at);
        const char* const stop = left > length ? nextLine(csv, at + length) : end;
        ranges.emplace_back(at, static_cast<std::size_t>(stop - at));
        at = stop;
    }
    return ranges;
}

Result<InvocationRows> readInvocationRows(const CsvText& csv, const InvocationsHeader& header,
                                          std::string_view rows)
{
    InvocationRows read;
    CellWriter cells(read.counts);
    const char* at = rows.data();
    const char* const stop = at + rows.size();
    while (at != stop) {
        if (atLineEnd(at, csv.text.data() + csv.text.size())) {
            at = nextLine(csv, at); // an empty line
            continue;
        }
        cells.beginRow(header.minutes);
        FunctionName name;
        if (auto row = readRow(csv, header, at, name, cells); !row)
            return tl::unexpected(row.error());
        read.names.push_back(name);
        cells.endRow(static_cast<double>(at - rows.data()) / static_cast<double>(rows.size()));
    }
    return read;
}

void append(InvocationRows& rows, InvocationRows&& more)
{
    if (rows.names.empty()) {
        rows = std::move(more);
        return;
    }
    MinuteCounts &to = rows.counts, &from = more.counts;
    const std::size_t base = to.first.back();
    for (std::size_t i = 1; i < from.first.size(); ++i)
        to.first.push_back(base + from.first[i]);
    rows.names.insert(rows.names.end(), more.names.begin(), more.names.end());
    to.minutes.insert(to.minutes.end(), from.minutes.begin(), from.minutes.end());
    to.counts.insert(to.counts.end(), from.counts.begin(), from.counts.end());
}

Result<InvocationRows> readInvocations(const CsvText& csv)
{
    const auto header = InvocationsHeader::read(csv);
    if (!header)
        return tl::unexpected(header.error());
    const auto rest
        = static_cast<std::size_t>(csv.text.data() + csv.text.size() - header->header.rows());
    return readInvocationRows(csv, *header, {header->header.rows(), rest});
}

} // namespace coldframe::traces
