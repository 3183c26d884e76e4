#include "session/private_folders.h"

#include <cctype>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <string_view>

#include <algorithm>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coldframe::session {

namespace fs = std::filesystem;
using stores::FileHandle;

namespace {

constexpr const char* kMark = ".in-use";
constexpr const char* kNewMark = ".in-use.new";
constexpr time_t kDay = 24 * 3600;
constexpr int kDepth = 200; ///< each level keeps a folder open
constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};
using FolderStream = std::unique_ptr<DIR, CloseFolder>;

/// Its own position, and the caller keeps the descriptor.
FolderStream entriesOf(int folder)
{
    const int own = ::openat(folder, ".", kFolderFlags);
    FolderStream stream(own < 0 ? nullptr : ::fdopendir(own));
    if (!stream && own >= 0)
        ::close(own);
    return stream;
}

bool hasPrivateName(std::string_view name)
{
    const std::string_view pattern = kPrivatePattern;
    const std::string_view prefix = pattern.substr(0, pattern.find('X'));
    return name.size() == pattern.size() && name.starts_with(prefix)
        && std::ranges::all_of(name.substr(prefix.size()),
                               [](unsigned char c) { return std::isalnum(c) != 0; });
}

bool has(int folder, const char* name, mode_t kind)
{
    struct stat status { };
    return ::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0
        && (status.st_mode & S_IFMT) == kind;
}

/// Removes what is in a folder, but not `kept`.
class Emptying {
public:
    Emptying(dev_t device, std::chrono::steady_clock::time_point until)
        : m_device(device), m_until(until)
    { }

    /// False when something is still there.
    bool empty(int folder, const char* kept, int depth = kDepth) const
    {
        const FolderStream entries = entriesOf(folder);
        bool all = entries != nullptr;
        while (const dirent* entry = entries ? ::readdir(entries.get()) : nullptr) {
            const std::string_view name = entry->d_name;
            if (name == "." || name == ".." || name == kept)
                continue;
            if (std::chrono::steady_clock::now() >= m_until)
                return false;
            if (::unlinkat(folder, entry->d_name, 0) != 0 && errno != ENOENT)
                all = removeFolder(folder, entry->d_name, depth) && all;
        }
        return all;
    }

private:
    bool removeFolder(int parent, const char* name, int depth) const
    {
        const FileHandle folder(::openat(parent, name, kFolderFlags));
        struct stat status { };
        if (!folder || depth == 0 || ::fstat(folder.get(), &status) != 0
            || status.st_dev != m_device) // somebody's mount
            return false;
        ::fchmod(folder.get(), S_IRWXU); // copies of stores may be read-only
        return empty(folder.get(), "", depth - 1) && ::unlinkat(parent, name, AT_REMOVEDIR) == 0;
    }

    dev_t m_device;
    std::chrono::steady_clock::time_point m_until;
};

/// People make folders of such names, too: only what has all of a private one's signs is one.
bool isOldUnmarked(int folder, const struct stat& status)
{
    return status.st_mtime + kDay < ::time(nullptr) && (status.st_mode & 07777) == S_IRWXU
        && has(folder, "instances", S_IFDIR) && has(folder, "recordings", S_IFDIR)
        && !has(folder, "lock", S_IFREG); // which workspaces' own state folders have
}

void removeIfLeft(int base, const char* name, std::chrono::steady_clock::time_point until)
{
    const FileHandle folder(::openat(base, name, kFolderFlags));
    struct stat status { };
    if (!folder || ::fstat(folder.get(), &status) != 0 || status.st_uid != ::geteuid())
        return;
    const FileHandle mark(
        ::openat(folder.get(), kMark, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!mark && (errno != ENOENT || !isOldUnmarked(folder.get(), status)))
        return;
    if (mark && ::flock(mark.get(), LOCK_EX | LOCK_NB) != 0)
        return; // in use, or being removed by another
    if (!Emptying(status.st_dev, until).empty(folder.get(), kMark))
        return; // the mark tells the next one
    ::unlinkat(folder.get(), kMark, 0);
    ::unlinkat(base, name, AT_REMOVEDIR);
}

} // namespace

FileHandle markPrivateFolder(const fs::path& folder)
{
    const fs::path made = folder / kNewMark;
    FileHandle mark(::open(made.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    // Locked before it has its name: a mark that is not locked is that of a dead process.
    if (mark
        && (::flock(mark.get(), LOCK_EX | LOCK_NB) != 0
            || ::rename(made.c_str(), (folder / kMark).c_str()) != 0))
        return {};
    return mark;
}

void removeLeftoverFolders(const fs::path& base, std::chrono::steady_clock::time_point until)
{
    const FileHandle folder(::open(base.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const FolderStream entries = folder ? entriesOf(folder.get()) : nullptr;
    while (const dirent* entry = entries ? ::readdir(entries.get()) : nullptr) {
        if (std::chrono::steady_clock::now() >= until)
            return;
        if (hasPrivateName(entry->d_name))
            removeIfLeft(folder.get(), entry->d_name, until);
    }
}

} // namespace coldframe::session
