#include "study/recording_folder.h"

#include <fmt/format.h>

#include "history/recording_header.h"

namespace coldframe::study {

namespace fs = std::filesystem;

namespace {

bool isRecording(const fs::path& folder)
{
    std::error_code ignored;
    return fs::is_regular_file(folder / history::kHeaderFile, ignored);
}

/// Their names begin with the time they were begun at. Empty when there is none.
fs::path newestIn(const fs::path& folder)
{
    fs::path newest;
    std::error_code error;
    for (fs::directory_iterator each(folder, error), end; !error && each != end;
         each.increment(error))
        if (isRecording(each->path()) && each->path().filename() > newest.filename())
            newest = each->path();
    return newest;
}

} // namespace

Result<fs::path> findRecording(const fs::path& given)
{
    if (isRecording(given))
        return given;
    std::error_code ignored;
    const fs::path folder = fs::is_regular_file(given, ignored) ? given.parent_path() : given;
    for (const fs::path& place : {folder / ".coldframe/recordings", folder / "recordings", folder})
        if (fs::path newest = newestIn(place); !newest.empty())
            return newest;
    if (!fs::exists(given, ignored))
        return tl::unexpected(Error{Error::Code::Missing,
                                    "there is no such folder",
                                    "name a recording, or a workspace that was run",
                                    given.string(),
                                    {}});
    return tl::unexpected(Error{Error::Code::Missing,
                                "holds no recording",
                                "\"coldframe run\" makes one, unless --no-record is given",
                                given.string(),
                                {}});
}

} // namespace coldframe::study
