#include "model/new_files.h"

#include <fmt/format.h>

#include "model/text_file.h"

namespace coldframe {

namespace fs = std::filesystem;

namespace {

/// What was made so far, newest last; removed again unless it is kept.
class Made {
public:
    Made() = default;
    Made(const Made&) = delete;
    Made& operator=(const Made&) = delete;
    ~Made()
    {
        std::error_code ignored;
        for (auto path = m_paths.rbegin(); path != m_paths.rend(); ++path)
            fs::remove(*path, ignored); // a folder only when empty: others may have used it
    }
    void add(const fs::path& path) { m_paths.push_back(path); }
    void keep() { m_paths.clear(); }

private:
    std::vector<fs::path> m_paths;
};

Error refused(const std::string& what, const std::error_code& why, const fs::path& path)
{
    return {Error::Code::Io,
            fmt::format("{}: {}", what, why.message()),
            "check the permissions of the folder above it",
            path.string(),
            {},
            0,
            0};
}

Result<void> makeFolder(const fs::path& folder, Made& made)
{
    std::error_code problem;
    if (fs::is_directory(folder, problem))
        return {};
    if (folder.has_parent_path() && folder.parent_path() != folder)
        if (Result<void> above = makeFolder(folder.parent_path(), made); !above)
            return above;
    if (fs::exists(folder, problem))
        return tl::unexpected(Error{Error::Code::Io,
                                    "the folder cannot be made: a file of this name is there",
                                    "rename it, or choose another folder",
                                    folder.string(),
                                    {},
                                    0,
                                    0});
    if (fs::create_directory(folder, problem))
        made.add(folder);
    if (problem)
        return tl::unexpected(refused("the folder cannot be made", problem, folder));
    return {};
}

} // namespace

Result<void> writeNewFiles(const fs::path& folder, const std::vector<NewFile>& files)
{
    Made made;
    for (const NewFile& file : files) {
        const fs::path path = folder / file.path;
        if (Result<void> ready = makeFolder(path.parent_path(), made); !ready)
            return ready;
        if (Result<void> written = writeNewFile(path, file.bytes); !written)
            return written;
        made.add(path);
        std::error_code problem;
        if (file.executable)
            fs::permissions(path, fs::perms(0755), problem);
        if (problem)
            return tl::unexpected(refused("the file cannot be made executable", problem, path));
    }
    made.keep();
    return {};
}

} // namespace coldframe
