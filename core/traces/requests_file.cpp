#include "traces/requests_file.h"

#include <algorithm>
#include <array>
#include <span>
#include <unordered_map>

#include "traces/csv_rows.h"
#include "traces/numbers.h"

namespace coldframe::traces {

namespace {

constexpr std::array<std::string_view, 4> kRequestColumns{"app", "func", "end_timestamp",
                                                          "duration"};

struct Row {
    std::size_t function;
    Request request;
};

struct Rows {
    std::vector<FunctionName> names;
    std::vector<Row> rows;
    std::int64_t endUs = 0;
};

Result<Rows> readRows(const CsvText& csv)
{
    const auto header = CsvHeader::read(csv);
    if (!header)
        return tl::unexpected(header.error());
    if (auto checked = header->check(csv, kRequestColumns, {}); !checked)
        return tl::unexpected(checked.error());
    std::array<std::size_t, kRequestColumns.size()> column{};
    std::ranges::transform(kRequestColumns, column.begin(),
                           [&](std::string_view name) { return *header->find(name); });
    Rows read;
    std::unordered_map<FunctionName, std::size_t, FunctionNameHash> known;
    CsvRows rows(csv, *header);
    for (;;) {
        const auto more = rows.next();
        if (!more)
            return tl::unexpected(more.error());
        if (!*more)
            return read;
        const FunctionName name{{}, rows.field(column[0]), rows.field(column[1])};
        const auto [function, isNew] = known.try_emplace(name, read.names.size());
        if (isNew)
            read.names.push_back(name);
        const char *endAt = rows.at(column[2]), *durationAt = rows.at(column[3]);
        const auto endUs = readMicroseconds(csv, endAt, kRequestColumns[2]);
        if (!endUs)
            return tl::unexpected(endUs.error());
        const auto durationUs = readMicroseconds(csv, durationAt, kRequestColumns[3]);
        if (!durationUs)
            return tl::unexpected(durationUs.error());
        read.rows.push_back({function->second, {*endUs - *durationUs, *durationUs}});
        read.endUs = std::max(read.endUs, *endUs);
    }
}

} // namespace

Result<RequestsFile> readRequests(const CsvText& csv)
{
    auto read = readRows(csv);
    if (!read)
        return tl::unexpected(read.error());
    RequestsFile file{.names = std::move(read->names), .endUs = read->endUs};
    file.first.assign(file.names.size() + 1, 0);
    for (const Row& row : read->rows)
        ++file.first[row.function + 1];
    for (std::size_t i = 1; i < file.first.size(); ++i)
        file.first[i] += file.first[i - 1];
    std::vector<std::size_t> next(file.first.begin(), file.first.end() - 1);
    file.requests.resize(read->rows.size());
    for (const Row& row : read->rows)
        file.requests[next[row.function]++] = row.request;
    for (std::size_t i = 0; i < file.names.size(); ++i) {
        const auto own
            = std::span(file.requests).subspan(file.first[i], file.first[i + 1] - file.first[i]);
        std::ranges::sort(own, [](const Request& a, const Request& b) {
            return a.startUs != b.startUs ? a.startUs < b.startUs : a.durationUs < b.durationUs;
        });
    }
    return file;
}

} // namespace coldframe::traces
