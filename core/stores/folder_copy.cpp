#include "stores/folder_copy.h"

#include <array>
#include <cerrno>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "model/outside_time.h"
#include "stores/folder_tree.h"
#include "stores/object_key.h"
#include "stores/system_error.h"

namespace coldframe::stores {

namespace fs = std::filesystem;

namespace {

FileHandle openFolder(const fs::path& folder)
{
    return FileHandle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

bool isUnderConstruction(const TreeFile& file)
{
    return std::string_view(file.name).starts_with(kTemporaryPrefix);
}

/// By the kernel where it can; false sets errno.
bool copyBytes(int from, int to)
{
    constexpr std::size_t kAtOnce = std::size_t{1} << 30;
    for (bool any = false;; any = true) {
        const ssize_t copied = ::copy_file_range(from, nullptr, to, nullptr, kAtOnce, 0);
        if (copied == 0)
            return true;
        if (copied < 0 && any)
            return false;
        if (copied < 0)
            break; // not between these file systems, or not of this kind of file
    }
    std::array<char, 65'536> buffer{};
    for (;;) {
        const ssize_t got = ::read(from, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        for (ssize_t done = 0; done < got;) {
            const ssize_t written
                = ::write(to, buffer.data() + done, static_cast<std::size_t>(got - done));
            if (written < 0 && errno != EINTR)
                return false;
            done += written > 0 ? written : 0;
        }
    }
}

std::string amount(std::uint64_t bytes, std::uint64_t files)
{
    return fmt::format("{} MB in {} file{}", bytes >> 20, files, files == 1 ? "" : "s");
}

class Copy {
public:
    Copy(fs::path from, fs::path to) : m_from(std::move(from)), m_to(std::move(to)) { }

    Result<void> measure(const FileHandle& source, const CopyLimits& limits)
    {
        std::uint64_t files = 0, bytes = 0;
        walkFiles(source.get(), [&](const TreeFile& file) {
            struct stat status { };
            if (isUnderConstruction(file) || ::fstatat(file.folder, file.name, &status, 0) != 0)
                return true;
            ++files;
            bytes += static_cast<std::uint64_t>(status.st_size);
            return true;
        });
        if (files <= limits.files && bytes <= limits.bytes)
            return {};
        return tl::unexpected(
            Error{.code = Error::Code::LimitReached,
                  .message = fmt::format("the folder holds {}; at most {} are copied",
                                         amount(bytes + 1'048'575, files),
                                         amount(limits.bytes, limits.files)),
                  .file = m_from.string()});
    }

    Result<void> run(const FileHandle& source)
    {
        std::optional<Error> problem;
        const FileHandle target = openFolder(m_to);
        if (!target)
            return tl::unexpected(systemError("open the folder of the copy", m_to, errno));
        walkFiles(source.get(), [&](const TreeFile& file) {
            if (!isUnderConstruction(file))
                problem = one(file, target.get());
            return !problem;
        });
        if (problem)
            return tl::unexpected(std::move(*problem));
        return {};
    }

private:
    std::optional<Error> one(const TreeFile& file, int target) const
    {
        const FileHandle from(::openat(file.folder, file.name, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
        if (!from && errno == ENOENT)
            return std::nullopt; // gone since, or a link to nothing
        struct stat status { };
        if (!from || ::fstat(from.get(), &status) != 0)
            return systemError("read the object", m_from / file.key, errno);
        const FileHandle parent = openParent(target, file.key, Missing::Made);
        const FileHandle to(parent ? ::openat(parent.get(), nameOf(file.key),
                                              O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                                              (status.st_mode & 0777) | S_IWUSR)
                                   : -1);
        const timespec times[]{status.st_atim, status.st_mtim};
        if (!to || !copyBytes(from.get(), to.get()) || ::futimens(to.get(), times) != 0)
            return systemError("copy the object", m_to / file.key, errno);
        return std::nullopt;
    }

    fs::path m_from, m_to;
};

} // namespace

Result<void> copyFolder(const fs::path& from, const fs::path& to, const CopyLimits& limits)
{
    std::error_code problem;
    fs::create_directories(to, problem);
    if (problem)
        return tl::unexpected(systemError("create the folder of the copy", to, problem.value()));
    const FileHandle source = openFolder(from);
    if (!source && errno == ENOENT)
        return {};
    if (!source)
        return tl::unexpected(systemError("open the folder", from, errno));
    Copy copy(from, to);
    if (auto measured = copy.measure(source, limits); !measured)
        return measured;
    return copy.run(source);
}

std::map<std::string, FileMark> markFiles(const fs::path& folder)
{
    std::map<std::string, FileMark> marks;
    const FileHandle root = openFolder(folder);
    if (root)
        walkFiles(root.get(), [&](const TreeFile& file) {
            struct stat status { };
            if (!isUnderConstruction(file) && ::fstatat(file.folder, file.name, &status, 0) == 0)
                marks[file.key] = {status.st_ino, static_cast<std::uint64_t>(status.st_size),
                                   nanosecondsOf(status.st_mtim), nanosecondsOf(status.st_ctim)};
            return true;
        });
    return marks;
}

} // namespace coldframe::stores
