#include "history/mapped_file.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coldframe::history {

Error systemError(const std::filesystem::path& file, const char* verb, int number)
{
    Error error{number == ENOENT ? Error::Code::Missing : Error::Code::Io,
                std::string("cannot ") + verb + ": " + std::generic_category().message(number),
                {},
                file.string(),
                {}};
    if (number == ENOENT)
        error.hint = "the recording is incomplete: choose another one";
    else if (number == ENOSPC || number == EDQUOT)
        error.hint = "free space on this disk and start a new recording";
    else if (number == EACCES || number == EPERM || number == EROFS)
        error.hint = "check that you may read and write this folder";
    return error;
}

Result<MappedFile> MappedFile::open(const std::filesystem::path& file)
{
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return tl::unexpected(systemError(file, "open", errno));
    struct stat status { };
    MappedFile mapped;
    void* data = nullptr;
    int number = ::fstat(fd, &status) == 0 ? 0 : errno;
    if (number == 0 && status.st_size > 0) { // an empty file cannot be mapped
        mapped.m_size = static_cast<std::size_t>(status.st_size);
        data = ::mmap(nullptr, mapped.m_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (data == MAP_FAILED) {
            number = errno;
            mapped.m_size = 0;
        } else {
            mapped.m_data = static_cast<const std::byte*>(data);
        }
    }
    ::close(fd);
    if (number != 0)
        return tl::unexpected(systemError(file, "read", number));
    return mapped;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0))
{ }

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept
{
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    return *this;
}

MappedFile::~MappedFile()
{
    if (m_data)
        ::munmap(const_cast<std::byte*>(m_data), m_size);
}

} // namespace coldframe::history
