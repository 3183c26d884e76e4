#include "session/state_folder.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "session/private_folders.h"

namespace coldframe::session {

namespace fs = std::filesystem;

namespace {

Error ioError(const std::string& what, const fs::path& path, int number)
{
    return {.code = Error::Code::Io,
            .message = fmt::format("{}: {}", what, std::strerror(number)),
            .hint = number == ENOSPC
                ? "free space on this disk, or name another folder with --state DIR"
                : "make the folder writable, or name another with --state DIR",
            .file = path.string()};
}

/// Leftovers of killed runs can be a gigabyte in a hundred thousand files.
constexpr std::chrono::seconds kMostForLeftovers{5};

/// Once a process, and when its own work is done: measured calls share neither core nor disk.
void removeLeftoversOnce(const fs::path& base)
{
    static std::atomic_flag done;
    if (!done.test_and_set())
        removeLeftoverFolders(base, std::chrono::steady_clock::now() + kMostForLeftovers);
}

Error ownedBy(const fs::path& lock)
{
    std::ifstream file(lock);
    std::string pid;
    file >> pid;
    return {.code = Error::Code::Unavailable,
            .message = fmt::format("this workspace is already open in another Coldframe (pid {})",
                                   pid.empty() ? "unknown" : pid),
            .hint = "close that one, or use another state folder with --state DIR",
            .file = lock.string()};
}

} // namespace

Result<std::unique_ptr<StateFolder>> StateFolder::own(const fs::path& folder)
{
    std::error_code error;
    fs::create_directories(folder / "instances", error);
    if (!error)
        fs::create_directories(folder / "recordings", error);
    if (error)
        return tl::unexpected(ioError("the state folder cannot be made", folder, error.value()));
    if (!fs::exists(folder / ".gitignore", error))
        std::ofstream(folder / ".gitignore") << "*\n";

    const fs::path lockFile = folder / "lock";
    const int lock = open(lockFile.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock < 0)
        return tl::unexpected(ioError("the lock file cannot be opened", lockFile, errno));
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        close(lock);
        return tl::unexpected(ownedBy(lockFile));
    }
    const std::string pid = std::to_string(getpid()) + '\n';
    if (ftruncate(lock, 0) != 0 || write(lock, pid.data(), pid.size()) < 0) {
        const int number = errno;
        close(lock);
        return tl::unexpected(ioError("the lock file cannot be written", lockFile, number));
    }
    // What instances of a run that was killed left behind. Their reapers remove it; this is for
    // the case that the machine went down with them.
    for (const auto& entry : fs::directory_iterator(folder / "instances", error))
        fs::remove_all(entry.path(), error);
    return std::unique_ptr<StateFolder>(new StateFolder(folder, lock, false));
}

/// With its end goes, once a process, what killed processes left beside it.
Result<std::unique_ptr<StateFolder>> StateFolder::makePrivate()
{
    const char* base = std::getenv("TMPDIR");
    std::string path = std::string(base && *base ? base : "/tmp") + '/' + kPrivatePattern;
    if (!mkdtemp(path.data()))
        return tl::unexpected(ioError("no temporary folder can be made", path, errno));
    std::error_code error;
    stores::FileHandle mark = markPrivateFolder(path);
    if (!mark) {
        const int number = errno;
        fs::remove_all(path, error);
        return tl::unexpected(ioError("no temporary folder can be made", path, number));
    }
    fs::create_directories(fs::path(path) / "instances", error);
    fs::create_directories(fs::path(path) / "recordings", error);
    return std::unique_ptr<StateFolder>(new StateFolder(path, mark.release(), true));
}

StateFolder::~StateFolder()
{
    std::error_code ignored;
    if (m_private)
        fs::remove_all(m_path, ignored);
    if (m_lock >= 0)
        close(m_lock);
    if (m_private)
        removeLeftoversOnce(m_path.parent_path());
}

} // namespace coldframe::session
