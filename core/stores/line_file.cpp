#include "stores/line_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <optional>
#include <thread>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "model/json_text.h"
#include "model/outside_time.h"
#include "stores/folder_tree.h"
#include "stores/object_key.h"
#include "stores/system_error.h"

namespace coldframe::stores {

namespace {

constexpr auto kLockWait = std::chrono::seconds(1);
constexpr off_t kLongestLine = off_t{64} << 20; ///< payloads have at most 6 MB

/// One file of lines, open and locked.
class LineFile {
public:
    LineFile(std::filesystem::path path, const FileHandle& parent, const char* name)
        : m_path(std::move(path)), m_parent(parent.get()), m_name(name)
    { }

    /// False: it was renamed or removed meanwhile; try again.
    Result<bool> open()
    {
        constexpr int kFlags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
        m_file = FileHandle(::openat(m_parent, m_name, kFlags, 0666));
        if (!m_file)
            return failed("append to");
        if (auto locked = lock(); !locked)
            return tl::unexpected(locked.error());
        struct stat here {
        }, there{};
        if (::fstat(m_file.get(), &here) != 0)
            return failed("append to");
        if (!S_ISREG(here.st_mode))
            return tl::unexpected(noLines("is no file"));
        m_bytes = here.st_size;
        return ::fstatat(m_parent, m_name, &there, AT_SYMLINK_NOFOLLOW) == 0
            && here.st_ino == there.st_ino && here.st_dev == there.st_dev;
    }

    /// After this the next line stands at the begin of one. Returns the bytes it removed.
    Result<std::uint64_t> repair()
    {
        if (m_bytes == 0)
            return 0;
        std::string tail;
        off_t begin = m_bytes;
        std::size_t end = std::string::npos;
        for (off_t step = 1; begin > 0 && end == std::string::npos; step = 65'536) {
            if (m_bytes - begin > kLongestLine)
                return tl::unexpected(noLines("does not end like a file of lines"));
            const off_t from = std::max<off_t>(0, begin - step);
            std::string chunk(static_cast<std::size_t>(begin - from), '\0');
            if (::pread(m_file.get(), chunk.data(), chunk.size(), from)
                != static_cast<ssize_t>(chunk.size()))
                return failed("read");
            begin = from;
            end = chunk.rfind('\n');
            tail.insert(0, end == std::string::npos ? chunk : chunk.substr(end + 1));
        }
        if (tail.empty())
            return 0;
        if (const auto whole = parseJson(tail, {});
            whole && (whole->root().isObject() || whole->root().isArray())) {
            m_lacksNewline = true;
            return 0;
        }
        const off_t kept = m_bytes - static_cast<off_t>(tail.size());
        if (::ftruncate(m_file.get(), kept) != 0)
            return failed("remove a torn line of");
        m_bytes = kept;
        return tail.size();
    }

    bool isDue(const Rotation& rotation, std::size_t more) const
    {
        if (m_bytes == 0)
            return false;
        if (rotation.bytes > 0 && static_cast<std::uint64_t>(m_bytes) + more > rotation.bytes)
            return true;
        return rotation.age > Duration::zero()
            && std::chrono::system_clock::now() - made() >= rotation.age;
    }

    Result<void> rename() const
    {
        if (m_lacksNewline && !writeAll("\n"))
            return failed("append to");
        const std::string name(m_name);
        const std::size_t dot = name.rfind('.');
        const std::string stem = name.substr(0, dot == 0 ? name.npos : dot);
        const std::string ending = name.substr(stem.size());
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        for (int number = 1; number < 10'000; ++number) {
            const std::string to
                = fmt::format("{}.{:%Y%m%dT%H%M%SZ}{}{}", stem, fmt::gmtime(now),
                              number > 1 ? fmt::format("-{}", number) : "", ending);
            if (::renameat2(m_parent, m_name, m_parent, to.c_str(), RENAME_NOREPLACE) == 0)
                return {};
            if (errno != EEXIST)
                break;
        }
        return failed("rename");
    }

    /// All of it or nothing.
    Result<void> write(std::string_view line)
    {
        std::string text = m_lacksNewline ? "\n" : "";
        text.append(line).append("\n");
        if (writeAll(text))
            return {};
        const int problem = errno;
        if (::ftruncate(m_file.get(), m_bytes) != 0) { } // else the next line repairs it
        errno = problem;
        return failed("append to");
    }

    /// The line, and the file if it is a new one.
    Result<void> sync() const
    {
        if (::fdatasync(m_file.get()) != 0 || ::fsync(m_parent) != 0)
            return failed("write the lines of");
        return {};
    }

private:
    Result<void> lock()
    {
        const auto end = std::chrono::steady_clock::now() + kLockWait;
        while (::flock(m_file.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno == EINTR)
                continue;
            if (errno != EWOULDBLOCK)
                return failed("lock");
            if (std::chrono::steady_clock::now() > end)
                return tl::unexpected(Error{.code = Error::Code::Unavailable,
                                            .message = "the file is locked by another program",
                                            .hint = "end that program; lines wait until then",
                                            .file = m_path.string()});
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        return {};
    }

    /// Of a file system that does not tell: when it was written last, so that it never gets old.
    std::chrono::system_clock::time_point made() const
    {
        struct statx status { };
        if (::statx(m_file.get(), "", AT_EMPTY_PATH, STATX_BTIME | STATX_MTIME, &status) != 0)
            return std::chrono::system_clock::now();
        const auto& time = status.stx_mask & STATX_BTIME ? status.stx_btime : status.stx_mtime;
        return outsideTime(nanosecondsOf({time.tv_sec, 0}));
    }

    bool writeAll(std::string_view bytes) const
    {
        while (!bytes.empty()) {
            const ssize_t written = ::write(m_file.get(), bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return true;
    }

    tl::unexpected<Error> failed(std::string_view doing) const
    {
        return tl::unexpected(systemError(fmt::format("{} the file", doing), m_path, errno));
    }
    Error noLines(std::string_view what) const
    {
        return {.code = Error::Code::Conflict,
                .message = fmt::format("the file {}", what),
                .hint = "move it away, or give the destination another key",
                .file = m_path.string()};
    }

    std::filesystem::path m_path;
    int m_parent;
    const char* m_name;
    FileHandle m_file;
    off_t m_bytes = 0;
    bool m_lacksNewline = false;
};

} // namespace

Result<Appended> LineFiles::append(const std::string& key, std::string_view line,
                                   const Rotation& rotation)
{
    if (auto checked = checkKey(key); !checked)
        return tl::unexpected(checked.error());
    const std::lock_guard guard(m_mutex);
    const FileHandle root(::open(m_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!root)
        return tl::unexpected(systemError("open the folder of the store", m_folder, errno));
    const FileHandle parent
        = openParent(root.get(), key, m_sync ? Missing::MadeForGood : Missing::Made);
    if (!parent)
        return tl::unexpected(systemError("open the folder to write to", m_folder / key, errno));
    Appended appended;
    for (int tries = 0; tries < 100; ++tries) { // others may rename it as well
        LineFile file(m_folder / key, parent, nameOf(key));
        const auto opened = file.open();
        if (!opened)
            return tl::unexpected(opened.error());
        if (!*opened)
            continue;
        const auto removed = file.repair();
        if (!removed)
            return tl::unexpected(removed.error());
        appended.removed += *removed;
        const bool due = file.isDue(rotation, line.size() + 1);
        if (auto done = due ? file.rename() : file.write(line); !done)
            return tl::unexpected(done.error());
        if (due)
            continue;
        if (m_sync)
            if (auto done = file.sync(); !done)
                return tl::unexpected(done.error());
        return appended;
    }
    return tl::unexpected(Error{.code = Error::Code::Unavailable,
                                .message = "the file is replaced again and again",
                                .hint = "end the program that does so",
                                .file = (m_folder / key).string()});
}

} // namespace coldframe::stores
