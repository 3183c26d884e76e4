#include "study/azure_day.h"

#include <vector>

#include <fmt/format.h>

#include "study/trace_files.h"
#include "study/work_crew.h"

namespace coldframe::study {

using namespace traces;

namespace {

Result<InvocationRows> readRows(const CsvText& csv, const InvocationsHeader& header,
                                unsigned threads)
{
    const auto ranges = splitRows(csv, header, threads);
    std::vector<Result<InvocationRows>> read(ranges.size());
    forEachItem(
        threads, ranges.size(), {},
        [&](std::size_t i, unsigned) { read[i] = readInvocationRows(csv, header, ranges[i]); }, {},
        {});
    InvocationRows rows;
    for (auto& part : read) {
        if (!part)
            return tl::unexpected(part.error()); // of the first line that is wrong
        append(rows, std::move(*part));
    }
    return rows;
}

Result<std::vector<AppMemory>> readAppMemory(const std::filesystem::path& file, MappedText& text)
{
    if (file.empty())
        return std::vector<AppMemory>();
    auto opened = openText(file);
    if (!opened)
        return tl::unexpected(opened.error());
    text = std::move(*opened);
    return readMemory(text.csv);
}

/// What the files lack for what is asked.
Result<void> checkRules(const AzureDay& day, const DurationsFile& services,
                        const ReplayRules& rules)
{
    if (rules.service == Service::Percentiles && !services.hasPercentiles)
        return tl::unexpected(Error{.code = Error::Code::Missing,
                                    .message = "there are no columns percentile_Average_0 to _100",
                                    .hint = "use --service average",
                                    .file = day.durations.csv.file});
    const std::uint32_t highest = day.trace->highestCount();
    if (rules.arrivals != Arrivals::Even && highest > Placement::kMostDrawn)
        return tl::unexpected(Error{
            .code = Error::Code::LimitReached,
            .message = fmt::format("{} invocations in one minute are too many to draw, at most {}",
                                   highest, Placement::kMostDrawn),
            .hint = "use --arrivals even",
            .file = day.invocations.csv.file});
    return {};
}

} // namespace

Result<MappedText> openText(const std::filesystem::path& path)
{
    auto file = history::MappedFile::open(path);
    if (!file) {
        file.error().hint = "check the name, and that you may read it";
        return tl::unexpected(file.error());
    }
    const auto bytes = file->bytes();
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return MappedText{std::move(*file), {text, path.string()}};
}

Result<AzureDay> readAzureDay(const std::filesystem::path& folder, std::optional<int> number,
                              const ReplayRules& rules, unsigned threads)
{
    const auto files = findTraceFiles(folder, number);
    if (!files)
        return tl::unexpected(files.error());
    auto invocations = openText(files->invocations), durations = openText(files->durations);
    if (!invocations)
        return tl::unexpected(invocations.error());
    if (!durations)
        return tl::unexpected(durations.error());
    AzureDay day{std::move(*invocations), std::move(*durations), {}, nullptr};
    const auto header = InvocationsHeader::read(day.invocations.csv);
    if (!header)
        return tl::unexpected(header.error());
    auto rows = readRows(day.invocations.csv, *header, threads);
    if (!rows)
        return tl::unexpected(rows.error());
    const auto services = readDurations(day.durations.csv);
    if (!services)
        return tl::unexpected(services.error());
    const auto memory = readAppMemory(files->memory, day.memory);
    if (!memory)
        return tl::unexpected(memory.error());
    day.trace = std::make_unique<AzureTrace>(std::move(*rows), header->minutes, *services, *memory);
    if (auto fits = checkRules(day, *services, rules); !fits)
        return tl::unexpected(fits.error());
    return day;
}

} // namespace coldframe::study
