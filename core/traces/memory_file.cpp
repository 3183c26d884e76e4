#include "traces/memory_file.h"

#include <array>

#include "traces/csv_rows.h"
#include "traces/numbers.h"

namespace coldframe::traces {

namespace {

constexpr std::array<std::string_view, 3> kMemoryColumns{"HashOwner", "HashApp",
                                                         "AverageAllocatedMb"};
constexpr std::array<std::string_view, 10> kOptionalMemoryColumns{"HashFunction",
                                                                  "SampleCount",
                                                                  "AverageAllocatedMb_pct1",
                                                                  "AverageAllocatedMb_pct5",
                                                                  "AverageAllocatedMb_pct25",
                                                                  "AverageAllocatedMb_pct50",
                                                                  "AverageAllocatedMb_pct75",
                                                                  "AverageAllocatedMb_pct95",
                                                                  "AverageAllocatedMb_pct99",
                                                                  "AverageAllocatedMb_pct100"};

} // namespace

Result<std::vector<AppMemory>> readMemory(const CsvText& csv)
{
    constexpr double kMostMb = 1e9;
    const auto header = CsvHeader::read(csv);
    if (!header)
        return tl::unexpected(header.error());
    if (auto checked = header->check(csv, kMemoryColumns, kOptionalMemoryColumns); !checked)
        return tl::unexpected(checked.error());
    const std::size_t owner = *header->find(kMemoryColumns[0]),
                      app = *header->find(kMemoryColumns[1]);
    const std::size_t average = *header->find(kMemoryColumns[2]);
    const auto function = header->find(kOptionalMemoryColumns[0]);
    std::vector<AppMemory> apps;
    CsvRows rows(csv, *header);
    for (;;) {
        const auto more = rows.next();
        if (!more)
            return tl::unexpected(more.error());
        if (!*more)
            return apps;
        const char* at = rows.at(average);
        const auto size = readNumber(csv, at, kMemoryColumns[2], kMostMb);
        if (!size)
            return tl::unexpected(size.error());
        apps.push_back({{rows.field(owner), rows.field(app),
                         function ? rows.field(*function) : std::string_view()},
                        *size});
    }
}

} // namespace coldframe::traces
