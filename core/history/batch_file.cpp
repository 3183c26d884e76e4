#include "history/batch_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>
#include <zlib.h>

namespace coldframe::history {

namespace {

std::uint32_t checksum(const BatchHeader& header, std::span<const std::byte> bytes)
{
    uLong crc = ::crc32(0, reinterpret_cast<const Bytef*>(&header), offsetof(BatchHeader, crc));
    if (!bytes.empty()) // for no bytes at a null pointer zlib would start over
        crc = ::crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    return static_cast<std::uint32_t>(crc);
}

/// The batch at the front of `rest`, if it is whole and sound.
std::optional<Batch> firstBatch(std::span<const std::byte> rest)
{
    Batch batch;
    if (rest.size() < sizeof batch.header)
        return {};
    std::memcpy(&batch.header, rest.data(), sizeof batch.header);
    rest = rest.subspan(sizeof batch.header);
    if (batch.header.magic != kBatchMagic || batch.header.bytes > rest.size())
        return {};
    batch.bytes = rest.first(batch.header.bytes);
    if (batch.header.crc != checksum(batch.header, batch.bytes))
        return {};
    return batch;
}

} // namespace

Result<AppendFile> AppendFile::create(const std::filesystem::path& file)
{
    AppendFile out;
    out.m_file = file;
    out.m_fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (out.m_fd < 0)
        return tl::unexpected(systemError(file, "create", errno));
    return out;
}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : m_file(std::move(other.m_file)), m_fd(std::exchange(other.m_fd, -1)),
      m_size(std::exchange(other.m_size, 0))
{ }

AppendFile& AppendFile::operator=(AppendFile&& other) noexcept
{
    std::swap(m_file, other.m_file);
    std::swap(m_fd, other.m_fd);
    std::swap(m_size, other.m_size);
    return *this;
}

AppendFile::~AppendFile()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

void AppendFile::holdLock()
{
    ::flock(m_fd, LOCK_EX | LOCK_NB);
}

bool isLocked(const std::filesystem::path& file)
{
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const bool locked = ::flock(fd, LOCK_SH | LOCK_NB) != 0;
    ::close(fd);
    return locked;
}

int AppendFile::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_fd, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR)
            return errno;
        if (written > 0)
            bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return 0;
}

Result<void> AppendFile::append(std::span<const std::byte> piece)
{
    if (const int number = write(piece); number != 0) {
        // Back to the last whole piece. Should even this fail, the checksum gives the tail away.
        if (::ftruncate(m_fd, static_cast<off_t>(m_size)) == 0)
            ::lseek(m_fd, 0, SEEK_END);
        return tl::unexpected(systemError(m_file, "write", number));
    }
    m_size += piece.size();
    return {};
}

Result<void> AppendFile::append(BatchHeader header, std::span<const std::byte> bytes)
{
    header.bytes = static_cast<std::uint32_t>(bytes.size());
    header.crc = checksum(header, bytes);
    const std::uint64_t before = m_size;
    Result<void> result = append(std::as_bytes(std::span(&header, 1)));
    if (result && !(result = append(bytes)) && ::ftruncate(m_fd, static_cast<off_t>(before)) == 0) {
        ::lseek(m_fd, 0, SEEK_END);
        m_size = before;
    }
    return result;
}

Result<BatchFile> BatchFile::open(const std::filesystem::path& file, BatchKind kind)
{
    Result<MappedFile> mapped = MappedFile::open(file);
    if (!mapped)
        return tl::unexpected(mapped.error());
    BatchFile out;
    out.m_file = std::move(*mapped);
    const std::span<const std::byte> all = out.m_file.bytes();
    std::span<const std::byte> rest = all;
    while (const std::optional<Batch> batch = firstBatch(rest)) {
        if (batch->header.version > kBatchVersion)
            return tl::unexpected(
                Error{Error::Code::OutOfRange,
                      fmt::format("was written by a newer Coldframe (format {}, this one knows {})",
                                  batch->header.version, kBatchVersion),
                      "open the recording with that version",
                      file.string(),
                      {}});
        if (batch->header.kind != kind
            || (kind != BatchKind::Checkpoint && batch->header.firstRow != out.rows()))
            break;
        out.m_batches.push_back(*batch);
        rest = rest.subspan(sizeof(BatchHeader) + batch->bytes.size());
    }
    if (!rest.empty())
        out.m_warning
            = Error{Error::Code::Malformed,
                    fmt::format("is torn or damaged at byte {}: the last {} bytes are left out",
                                all.size() - rest.size(), rest.size()),
                    "what came before is whole",
                    file.string(),
                    {}};
    return out;
}

std::uint64_t BatchFile::rows() const
{
    return m_batches.empty() ? 0 : m_batches.back().header.firstRow + m_batches.back().header.rows;
}

} // namespace coldframe::history
