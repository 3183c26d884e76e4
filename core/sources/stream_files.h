#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sources/stream_position.h"

namespace coldframe::sources {

/// An open file that is read from any place. Move-only.
class StreamFile {
public:
    StreamFile() = default;
    StreamFile(StreamFile&& other) noexcept;
    StreamFile& operator=(StreamFile&& other) noexcept;
    ~StreamFile();

    /// Not open when it cannot be; then `number` is the errno. Folders and pipes are refused
    /// (EISDIR): they would hold up who reads.
    static StreamFile open(const std::filesystem::path& path, int& number);

    explicit operator bool() const { return m_descriptor >= 0; }
    std::uint64_t size() const;
    std::int64_t mtimeNs() const;
    std::uint64_t inode() const;
    /// Up to `count` bytes at `offset`; fewer at the end, none when reading fails.
    std::string read(std::uint64_t offset, std::size_t count) const;
    /// Whether somebody has it open for writing: so, not so, or not to be known.
    std::optional<bool> isWritten() const;

    /// As it is now; `headBytes` says how many of its first bytes count.
    FileIdentity identity(std::uint32_t headBytes = kHeadBytes) const;
    bool is(const FileIdentity& known) const { return inode() == known.inode && beginsAs(known); }
    bool beginsAs(const FileIdentity& known) const;
    /// Of the bytes before an offset; compare with what StreamPosition remembers.
    std::uint64_t before(std::uint64_t offset) const;

    static constexpr std::uint32_t kHeadBytes = 256;

private:
    int m_descriptor = -1;
};

/// Files beside `path` whose names begin with its name, and a dot or a dash: what it may be called
/// after a rotation. In the order in which they were written last, without compressed ones.
std::vector<std::filesystem::path> rotatedFiles(const std::filesystem::path& path);

} // namespace coldframe::sources
