#include "history/prune.h"

#include <algorithm>
#include <chrono>

#include "history/batch_file.h"
#include "history/recording_header.h"

namespace coldframe::history {

namespace {

namespace fs = std::filesystem;

// The header last: until it is gone, the rest is still known for a recording's.
constexpr const char* kFiles[]
    = {kBlobsFile, kInputsFile, kAttemptsFile, kCheckpointsFile, kConfigurationsFile, kHeaderFile};

struct Found {
    fs::path folder;
    fs::file_time_type lastWrite = fs::file_time_type::min();
    std::uint64_t bytes = 0;
    bool inUse = false;
};

Found examine(const fs::path& folder)
{
    Found found{.folder = folder, .inUse = isLocked(folder / kHeaderFile)};
    for (const char* name : kFiles) {
        std::error_code code;
        const std::uint64_t size = fs::file_size(folder / name, code);
        if (code)
            continue;
        found.bytes += size;
        found.lastWrite = std::max(found.lastWrite, fs::last_write_time(folder / name, code));
    }
    return found;
}

Result<void> removeRecording(const fs::path& folder)
{
    std::error_code code;
    for (const char* name : kFiles) {
        fs::remove(folder / name, code);
        if (code)
            return tl::unexpected(systemError(folder / name, "remove", code.value()));
    }
    fs::remove(folder, code); // stays when somebody put something else there
    return {};
}

Result<std::vector<Found>> listRecordings(const fs::path& folder)
{
    std::vector<Found> all;
    std::error_code code;
    if (!fs::exists(folder, code))
        return all;
    for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
        std::error_code ignored;
        if (fs::exists(it->path() / kHeaderFile, ignored))
            all.push_back(examine(it->path()));
    }
    if (code)
        return tl::unexpected(systemError(folder, "list", code.value()));
    std::ranges::sort(all, {}, [](const Found& f) { return std::pair(f.lastWrite, f.folder); });
    return all;
}

} // namespace

Result<PruneReport> pruneRecordings(const fs::path& folder, const PruneLimits& limits)
{
    const Result<std::vector<Found>> all = listRecordings(folder);
    if (!all)
        return tl::unexpected(all.error());
    PruneReport report;
    for (const Found& found : *all)
        report.bytesLeft += found.bytes;
    const auto oldest = fs::file_time_type::clock::now() - limits.maxAge;
    for (const Found& found : *all) {
        if (found.inUse || (found.lastWrite >= oldest && report.bytesLeft <= limits.maxBytes))
            continue;
        if (const Result<void> removed = removeRecording(found.folder); !removed)
            return tl::unexpected(removed.error());
        report.removed.push_back(found.folder);
        report.bytesLeft -= found.bytes;
    }
    return report;
}

} // namespace coldframe::history
