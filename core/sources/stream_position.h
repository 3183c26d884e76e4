#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldframe::sources {

/// How a file is known again under another name, and another under its name is told from it: the
/// inode number, and its first bytes, as numbers are given out again.
struct FileIdentity {
    std::uint64_t inode = 0;
    std::uint32_t headBytes = 0; ///< how many of the first bytes `head` was made of
    std::uint64_t head = 0;
    bool operator==(const FileIdentity&) const = default;
};

/// How far a stream was read: enough to go on there after a restart, when the file was rotated or
/// truncated meanwhile, too.
struct StreamPosition {
    FileIdentity file; ///< an inode of 0: no file yet
    std::uint64_t offset = 0; ///< bytes of it that are done
    std::uint64_t before = 0; ///< of the last bytes before `offset`: still the same text?
    std::int64_t writtenAt = 0; ///< when the file was, as far as it was read; ns since 1970
    std::uint64_t sequence = 0; ///< records so far, over all files
    std::vector<FileIdentity> done; ///< files that were read to their end, the latest last
    bool operator==(const StreamPosition&) const = default;
};

/// As text, for the journal.
std::string textOf(const StreamPosition& position);
std::optional<StreamPosition> parsePosition(std::string_view text);

} // namespace coldframe::sources
