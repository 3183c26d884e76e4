#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace coldframe::sources {

/// Tells one state of a file from the next.
struct Fingerprint {
    std::uint64_t inode = 0;
    std::int64_t mtimeNs = 0;
    std::uint64_t size = 0;
    bool operator==(const Fingerprint&) const = default;
};

/// What lies at a path. A symbolic link to a file counts as that file, one to a folder as nothing.
struct Probe {
    enum class Kind : std::uint8_t { Nothing, File, Folder, Other };
    Kind kind = Kind::Nothing;
    Fingerprint fingerprint; ///< of a file
    bool fromElsewhere = false; ///< a link of either sort: no writer of this name will close it
};
/// `folder` is an open folder, or AT_FDCWD for an absolute path.
Probe probe(int folder, const char* path);

enum class Writers : std::uint8_t {
    None, ///< nobody has the file open for writing
    Some, ///< somebody has
    Unknown, ///< this file system, or the rights to the file, do not let us know
};
/// Whether somebody is writing a file, by asking for a read lease on it and giving it back.
/// Source: fcntl(2), "Leases", Linux man-pages 6.03: granted only while no writer has it open.
Writers writersOf(int folder, const char* path);

} // namespace coldframe::sources
