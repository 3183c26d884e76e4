#include "model/text_file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace coldframe {

namespace {

/// Closes a file descriptor at the end of a scope.
class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd(fd) { }
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_fd; }

private:
    int m_fd;
};

tl::unexpected<Error> error(Error::Code code, std::string message, std::string hint,
                            const std::filesystem::path& path)
{
    return tl::unexpected(
        Error{code, std::move(message), std::move(hint), path.string(), {}, 0, 0});
}

tl::unexpected<Error> systemError(const std::string& what, int number,
                                  const std::filesystem::path& path)
{
    return error(Error::Code::Io, fmt::format("{}: {}", what, std::strerror(number)),
                 number == EACCES ? "check the permissions of the file and its folders" : "", path);
}

bool writeAll(int fd, const std::string& text)
{
    std::size_t written = 0;
    while (written < text.size()) {
        const ssize_t count = ::write(fd, text.data() + written, text.size() - written);
        if (count < 0 && errno != EINTR)
            return false;
        written += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    return ::fsync(fd) == 0;
}

/// A complete copy of the text on disk, beside the file it is to become. It goes with this object
/// unless it was renamed.
class Draft {
public:
    explicit Draft(const std::filesystem::path& path)
        : m_name(path.string() + ".XXXXXX"), m_file(::mkostemp(m_name.data(), O_CLOEXEC))
    { }
    ~Draft()
    {
        if (m_file.get() >= 0 && !m_renamed)
            ::unlink(m_name.c_str());
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    bool open() const { return m_file.get() >= 0; }
    bool write(const std::string& text, mode_t mode = 0644)
    {
        return writeAll(m_file.get(), text) && ::fchmod(m_file.get(), mode) == 0;
    }
    /// Refuses where a file has appeared meanwhile, which a rename would replace.
    bool linkTo(const std::filesystem::path& path) const
    {
        return ::link(m_name.c_str(), path.c_str()) == 0;
    }
    bool renameTo(const std::filesystem::path& path)
    {
        m_renamed = ::rename(m_name.c_str(), path.c_str()) == 0;
        return m_renamed;
    }

private:
    std::string m_name;
    Descriptor m_file;
    bool m_renamed = false;
};

std::filesystem::path folderOf(const std::filesystem::path& path)
{
    return path.has_parent_path() ? path.parent_path() : ".";
}

} // namespace

Result<std::string> readTextFile(const std::filesystem::path& path, std::size_t maxBytes)
{
    // Without O_NONBLOCK a pipe of that name would hold us up.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0 && (errno == ENOENT || errno == ENOTDIR))
        return error(Error::Code::Missing, "the file is not there", "", path);
    struct stat status { };
    if (file.get() < 0 || ::fstat(file.get(), &status) != 0)
        return systemError("the file cannot be read", errno, path);
    if (S_ISDIR(status.st_mode))
        return error(Error::Code::Io, "this is a folder, not a file", "", path);
    if (!S_ISREG(status.st_mode))
        return error(Error::Code::Io, "this is not a regular file", "", path);
    std::string text;
    char buffer[64 * 1024];
    while (true) {
        const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
        if (count < 0 && errno != EINTR)
            return systemError("the file cannot be read", errno, path);
        if (count == 0)
            return text;
        if (count > 0)
            text.append(buffer, static_cast<std::size_t>(count));
        if (text.size() > maxBytes)
            return error(Error::Code::LimitReached,
                         fmt::format("the file is larger than {} MB", maxBytes >> 20), "", path);
    }
}

Result<void> writeNewFile(const std::filesystem::path& path, const std::string& text)
{
    Draft draft(path);
    if (!draft.open())
        return systemError("no file can be made in this folder", errno, folderOf(path));
    const bool complete = draft.write(text);
    if (complete && draft.linkTo(path))
        return {};
    const int problem = errno;
    if (complete && problem == EEXIST)
        return error(Error::Code::Duplicate, "the file is already there",
                     "remove or rename it first", path);
    return systemError("the file cannot be written", problem, path);
}

Result<void> replaceFile(const std::filesystem::path& named, const std::string& text)
{
    std::error_code problem;
    const std::filesystem::file_status status = std::filesystem::status(named, problem);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
        return error(Error::Code::Conflict, "this is not a regular file", "name another", named);
    // Of a symbolic link, the file it leads to is replaced.
    const std::filesystem::path path
        = std::filesystem::exists(status) ? std::filesystem::canonical(named, problem) : named;
    Draft draft(path);
    if (!draft.open())
        return systemError("no file can be made in this folder", errno, folderOf(path));
    const mode_t mode = std::filesystem::exists(status)
        ? static_cast<mode_t>(status.permissions()) & 0777U
        : 0644U;
    if (draft.write(text, mode) && draft.renameTo(path))
        return {};
    return systemError("the file cannot be written", errno, path);
}

} // namespace coldframe
