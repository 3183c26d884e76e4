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
    std::string temporary = path.string() + ".XXXXXX";
    const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (file.get() < 0)
        return systemError("no file can be made in this folder", errno, path.parent_path());
    // A rename would replace a file that has appeared meanwhile; a hard link refuses to.
    const bool complete = writeAll(file.get(), text) && ::fchmod(file.get(), 0644) == 0;
    const bool linked = complete && ::link(temporary.c_str(), path.c_str()) == 0;
    const int problem = errno;
    ::unlink(temporary.c_str());
    if (linked)
        return {};
    if (complete && problem == EEXIST)
        return error(Error::Code::Duplicate, "the file is already there",
                     "remove or rename it first", path);
    return systemError("the file cannot be written", problem, path);
}

} // namespace coldframe
