#include "study/trace_files.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>

namespace coldframe::study {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kInvocations = "invocations_per_function_md.anon.d";
constexpr std::string_view kDurations = "function_durations_percentiles.anon.d";
constexpr std::string_view kMemory = "app_memory_percentiles.anon.d";

tl::unexpected<Error> bad(const fs::path& path, Error::Code code, std::string message,
                          std::string hint)
{
    return tl::unexpected(Error{.code = code,
                                .message = std::move(message),
                                .hint = std::move(hint),
                                .file = path.string()});
}

/// The days whose invocations are there, rising.
std::vector<int> daysIn(const fs::path& folder)
{
    std::vector<int> days;
    std::error_code problem;
    for (fs::directory_iterator at(folder, problem), end; !problem && at != end;
         at.increment(problem)) {
        const std::string name = at->path().filename().string();
        if (!name.starts_with(kInvocations) || !name.ends_with(".csv"))
            continue;
        int day = 0;
        const char* const first = name.data() + kInvocations.size();
        if (std::from_chars(first, name.data() + name.size() - 4, day).ec == std::errc())
            days.push_back(day);
    }
    std::ranges::sort(days);
    return days;
}

Result<TraceFiles> checked(const fs::path& folder, TraceFiles files)
{
    std::error_code ignored;
    for (const fs::path& needed : {files.invocations, files.durations})
        if (!fs::exists(needed, ignored))
            return bad(folder, Error::Code::Missing,
                       fmt::format("there is no {}", needed.filename().string()),
                       "put the invocations and durations files of the Azure Functions trace of "
                       "2019 into this folder");
    if (!fs::exists(files.memory, ignored))
        files.memory.clear();
    return files;
}

} // namespace

Result<TraceFiles> findTraceFiles(const fs::path& folder, std::optional<int> day)
{
    std::error_code problem;
    if (!fs::is_directory(folder, problem))
        return bad(folder, Error::Code::Missing, "there is no such folder",
                   "name the folder that holds the files of the trace");
    const std::vector<int> days = daysIn(folder);
    if (days.empty() && !day)
        return checked(
            folder, {folder / "invocations.csv", folder / "durations.csv", folder / "memory.csv"});
    if (!day && days.size() > 1)
        return bad(folder, Error::Code::Conflict,
                   fmt::format("the folder holds {} days, {} to {}", days.size(), days.front(),
                               days.back()),
                   fmt::format("choose one, as in --day {}", days.front()));
    const int chosen = day ? *day : days.front();
    const auto file
        = [&](std::string_view name) { return folder / fmt::format("{}{:02}.csv", name, chosen); };
    return checked(folder, {file(kInvocations), file(kDurations), file(kMemory)});
}

} // namespace coldframe::study
