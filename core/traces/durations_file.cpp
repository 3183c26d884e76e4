#include "traces/durations_file.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "traces/csv_rows.h"
#include "traces/numbers.h"

namespace coldframe::traces {

namespace {

constexpr double kMostMs = 1e12; // 31 years: sums over a day's invocations stay within 64 bits
constexpr std::array<std::string_view, 4> kDurationColumns{"HashOwner", "HashApp", "HashFunction",
                                                           "Average"};
constexpr std::array<std::string_view, 7> kPercentiles{
    "percentile_Average_0",  "percentile_Average_1",  "percentile_Average_25",
    "percentile_Average_50", "percentile_Average_75", "percentile_Average_99",
    "percentile_Average_100"};
static_assert(kPercentiles.size() == kDurationShares.size());
constexpr std::array<std::string_view, 10> kOptionalDurationColumns{
    "Count",         "Minimum",       "Maximum",       kPercentiles[0], kPercentiles[1],
    kPercentiles[2], kPercentiles[3], kPercentiles[4], kPercentiles[5], kPercentiles[6]};

struct Columns {
    std::size_t owner, app, function, average;
    std::array<std::optional<std::size_t>, kPercentiles.size()> percentiles;
};

Result<double> numberIn(const CsvText& csv, const CsvRows& rows, std::size_t column,
                        std::string_view what)
{
    const char* at = rows.at(column);
    return readNumber(csv, at, what, kMostMs);
}

Result<void> readPercentiles(const CsvText& csv, const CsvRows& rows, const Columns& columns,
                             FunctionDurations& to)
{
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        const auto value = numberIn(csv, rows, *columns.percentiles[i], kPercentiles[i]);
        if (!value)
            return tl::unexpected(value.error());
        if (i > 0 && *value < to.percentilesMs[i - 1])
            return tl::unexpected(
                errorAt(csv, rows.at(*columns.percentiles[i]), Error::Code::OutOfRange,
                        fmt::format("{} is {:g} and {} only {:g}", kPercentiles[i - 1],
                                    to.percentilesMs[i - 1], kPercentiles[i], *value),
                        "percentiles never fall: correct this line, or remove it"));
        to.percentilesMs[i] = *value;
    }
    return {};
}

} // namespace

Result<DurationsFile> readDurations(const CsvText& csv)
{
    const auto header = CsvHeader::read(csv);
    if (!header)
        return tl::unexpected(header.error());
    if (auto checked = header->check(csv, kDurationColumns, kOptionalDurationColumns); !checked)
        return tl::unexpected(checked.error());
    Columns columns{*header->find(kDurationColumns[0]),
                    *header->find(kDurationColumns[1]),
                    *header->find(kDurationColumns[2]),
                    *header->find(kDurationColumns[3]),
                    {}};
    std::ranges::transform(kPercentiles, columns.percentiles.begin(),
                           [&](std::string_view name) { return header->find(name); });
    DurationsFile read;
    read.hasPercentiles
        = std::ranges::all_of(columns.percentiles, [](const auto& c) { return c.has_value(); });
    CsvRows rows(csv, *header);
    for (;;) {
        const auto more = rows.next();
        if (!more)
            return tl::unexpected(more.error());
        if (!*more)
            return read;
        FunctionDurations row{
            {rows.field(columns.owner), rows.field(columns.app), rows.field(columns.function)}};
        const auto average = numberIn(csv, rows, columns.average, "Average");
        if (!average)
            return tl::unexpected(average.error());
        row.averageMs = *average;
        if (read.hasPercentiles)
            if (auto percentiles = readPercentiles(csv, rows, columns, row); !percentiles)
                return tl::unexpected(percentiles.error());
        read.functions.push_back(row);
    }
}

} // namespace coldframe::traces
