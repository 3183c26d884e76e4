#include "session/new_workspace.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <string_view>

#include <fmt/format.h>

#include "model/text_file.h"

namespace coldframe::session {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLargestFile = 4 << 20; ///< a workspace file's own limit

Error refused(std::string message, std::string hint, const fs::path& path,
              Error::Code code = Error::Code::Io)
{
    return {code, std::move(message), std::move(hint), path.string(), {}, 0, 0};
}

/// A folder beside the one that is to be made. It goes with this object unless it has become it.
class Staging {
public:
    explicit Staging(const fs::path& target)
        : m_name((target.parent_path() / ".coldframe-new-XXXXXX").string()),
          m_made(::mkdtemp(m_name.data()) != nullptr)
    { }
    ~Staging()
    {
        std::error_code ignored;
        if (m_made)
            fs::remove_all(m_name, ignored);
    }
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;

    bool isThere() const { return m_made; }
    fs::path path() const { return m_name; }
    Result<void> become(const fs::path& target)
    {
        std::error_code problem;
        fs::permissions(m_name, fs::perms(0755), problem);
        fs::rename(m_name, target, problem); // over an empty folder, never over another
        if (problem)
            return tl::unexpected(
                refused(fmt::format("the folder cannot be made: {}", problem.message()),
                        "choose another folder", target));
        m_made = false;
        return {};
    }

private:
    std::string m_name;
    bool m_made;
};

Result<void> inStaging(const fs::path& given,
                       const std::function<Result<void>(const fs::path&)>& fill)
{
    const fs::path target = fs::absolute(given).lexically_normal();
    if (Result<void> free = checkTarget(target); !free)
        return free;
    Staging staging(target);
    if (!staging.isThere())
        return tl::unexpected(
            refused("no folder can be made here", "check the permissions", target.parent_path()));
    if (Result<void> filled = fill(staging.path()); !filled)
        return filled;
    return staging.become(target);
}

bool isLeftByRuns(const fs::path& path)
{
    constexpr std::array<std::string_view, 3> names{".coldframe", "recordings", "__pycache__"};
    return std::ranges::find(names, path.filename().string()) != names.end();
}

Result<void> copyTree(const fs::path& from, const fs::path& to)
{
    std::error_code problem;
    fs::recursive_directory_iterator entry(from, problem);
    for (; !problem && entry != fs::recursive_directory_iterator(); entry.increment(problem)) {
        const fs::path there = to / entry->path().lexically_relative(from);
        const fs::file_status status = entry->symlink_status(problem);
        if (fs::is_directory(status) && isLeftByRuns(entry->path()))
            entry.disable_recursion_pending();
        else if (fs::is_directory(status))
            fs::create_directory(there, problem);
        else if (fs::is_regular_file(status))
            fs::copy_file(entry->path(), there, problem);
        if (problem)
            break;
    }
    if (problem)
        return tl::unexpected(refused(fmt::format("it cannot be copied: {}", problem.message()),
                                      "check what may be read there", from));
    return {};
}

/// Examples name the schema by where it lies from them.
Result<void> pointSchema(const fs::path& file, const fs::path& resources)
{
    const std::string from = "\"../../resources/schema/";
    Result<std::string> text = readTextFile(file, kLargestFile);
    if (!text)
        return tl::unexpected(text.error());
    const std::string schema = (resources / "schema").string();
    const std::size_t at = text->find(from);
    if (at == std::string::npos || schema.find_first_of("\"\\") != std::string::npos)
        return {};
    return replaceFile(file, text->replace(at, from.size(), "\"" + schema + "/"));
}

} // namespace

Result<void> checkTarget(const fs::path& target)
{
    std::error_code problem;
    const fs::path above = fs::absolute(target).lexically_normal().parent_path();
    if (!fs::is_directory(above, problem))
        return tl::unexpected(refused("there is no such folder", "make it, or choose another",
                                      above, Error::Code::Missing));
    const fs::file_status status = fs::symlink_status(target, problem);
    if (!fs::exists(status))
        return {};
    if (!fs::is_directory(status))
        return tl::unexpected(refused("a file of this name is there", "choose another name", target,
                                      Error::Code::Duplicate));
    if (!fs::is_empty(target, problem))
        return tl::unexpected(refused("this folder is there and not empty", "choose another name",
                                      target, Error::Code::Duplicate));
    return {};
}

Result<void> makeWorkspace(const fs::path& target, const std::vector<NewFile>& files)
{
    return inStaging(target,
                     [&](const fs::path& staging) { return writeNewFiles(staging, files); });
}

Result<void> copyWorkspace(const fs::path& from, const fs::path& target, const fs::path& resources)
{
    return inStaging(target, [&](const fs::path& staging) -> Result<void> {
        if (Result<void> copied = copyTree(from, staging); !copied)
            return copied;
        return pointSchema(staging / "coldframe.json", resources);
    });
}

} // namespace coldframe::session
