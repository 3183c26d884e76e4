#include "sources/stream_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "model/outside_time.h"
#include "sources/event_text.h"
#include "sources/file_probe.h"

namespace coldframe::sources {

namespace {

constexpr std::array<std::string_view, 6> kCompressed{".gz", ".xz", ".zst", ".bz2", ".lz4", ".zip"};
constexpr std::size_t kBeforeBytes = 64;

/// The number at the end of a name: "clicks.jsonl.3" is older than "clicks.jsonl.2".
std::uint64_t numberAtEnd(const std::string& name)
{
    const auto last = name.find_last_not_of("0123456789");
    std::uint64_t number = 0;
    const std::size_t first = last == name.npos ? 0 : last + 1;
    std::from_chars(name.data() + first, name.data() + name.size(), number);
    return number;
}

} // namespace

StreamFile::StreamFile(StreamFile&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
{ }

StreamFile& StreamFile::operator=(StreamFile&& other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

StreamFile::~StreamFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

StreamFile StreamFile::open(const std::filesystem::path& path, int& number)
{
    StreamFile file;
    number = 0;
    file.m_descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat status { };
    if (file.m_descriptor < 0 || ::fstat(file.m_descriptor, &status) != 0) {
        number = errno;
        return {};
    }
    if (S_ISREG(status.st_mode))
        return file;
    number = EISDIR;
    return {};
}

std::uint64_t StreamFile::size() const
{
    struct stat status { };
    return ::fstat(m_descriptor, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

std::int64_t StreamFile::mtimeNs() const
{
    struct stat status { };
    if (::fstat(m_descriptor, &status) != 0)
        return 0;
    return nanosecondsOf(status.st_mtim);
}

std::uint64_t StreamFile::inode() const
{
    struct stat status { };
    return ::fstat(m_descriptor, &status) == 0 ? status.st_ino : 0;
}

std::string StreamFile::read(std::uint64_t offset, std::size_t count) const
{
    std::string bytes(count, '\0');
    std::size_t have = 0;
    while (have < count) {
        const ssize_t got = ::pread(m_descriptor, bytes.data() + have, count - have,
                                    static_cast<off_t>(offset + have));
        if (got <= 0)
            break;
        have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
}

std::optional<bool> StreamFile::isWritten() const
{
    switch (writersOf(AT_FDCWD, fmt::format("/proc/self/fd/{}", m_descriptor).c_str())) {
    case Writers::None:
        return false;
    case Writers::Some:
        return true;
    case Writers::Unknown:
        break;
    }
    return std::nullopt;
}

FileIdentity StreamFile::identity(std::uint32_t headBytes) const
{
    const std::string head = read(0, headBytes);
    return {inode(), static_cast<std::uint32_t>(head.size()), scatter(head, head.size())};
}

bool StreamFile::beginsAs(const FileIdentity& known) const
{
    const std::string head = read(0, known.headBytes);
    return head.size() == known.headBytes && scatter(head, head.size()) == known.head;
}

std::uint64_t StreamFile::before(std::uint64_t offset) const
{
    const std::size_t count = std::min<std::uint64_t>(offset, kBeforeBytes);
    return scatter(read(offset - count, count), offset);
}

std::vector<std::filesystem::path> rotatedFiles(const std::filesystem::path& path)
{
    struct Found {
        std::int64_t mtimeNs;
        std::uint64_t number;
        std::filesystem::path path;
    };
    std::vector<Found> found;
    const std::string name = path.filename().string();
    std::error_code code;
    for (std::filesystem::directory_iterator at(path.parent_path(), code), end; !code && at != end;
         at.increment(code)) {
        const std::string other = at->path().filename().string();
        const bool named = other.size() > name.size() && other.starts_with(name)
            && (other[name.size()] == '.' || other[name.size()] == '-');
        if (!named || std::ranges::any_of(kCompressed, [&](auto ending) {
                return std::string_view(other).ends_with(ending);
            }))
            continue;
        const Probe file = probe(AT_FDCWD, at->path().c_str());
        if (file.kind == Probe::Kind::File)
            found.push_back({file.fingerprint.mtimeNs, numberAtEnd(other), at->path()});
    }
    std::ranges::sort(found, [](const Found& a, const Found& b) {
        return a.mtimeNs != b.mtimeNs ? a.mtimeNs < b.mtimeNs : a.number > b.number;
    });
    std::vector<std::filesystem::path> paths;
    for (Found& each : found)
        paths.push_back(std::move(each.path));
    return paths;
}

} // namespace coldframe::sources
