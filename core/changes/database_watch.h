#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "model/time.h"

namespace coldframe::changes {

/// Hears from the kernel that somebody may have written an SQLite database: an inotify watch on its
/// folder that listens to the file, its write-ahead log and its rollback journal. Used by one
/// thread, which waits for the descriptor to become readable.
///
/// It may be told of a write before the write is committed, and hears nothing of other machines on
/// a network file system: LookTimes says when to look.
class DatabaseWatch {
public:
    explicit DatabaseWatch(const std::filesystem::path& file);
    DatabaseWatch(const DatabaseWatch&) = delete;
    ~DatabaseWatch();

    int descriptor() const { return m_descriptor; } ///< -1 when there is none
    int number() const { return m_number; } ///< the errno of what failed, else 0
    /// The folder was removed or replaced, of which the kernel tells only once nobody has a file of
    /// it open: make another watch. Asks the file system.
    bool lost() const;

    /// Takes all that waits; whether any of it concerns the database.
    bool drain();

private:
    int m_descriptor = -1;
    int m_number = 0;
    std::filesystem::path m_folder;
    std::uint64_t m_device = 0, m_inode = 0; ///< of the folder
    std::string m_name;
};

/// When to ask SqliteChangeLog::touched(). After a write at once, and again a few times in growing
/// steps, as SQLite shows a commit only some time after its last write to the file; else every
/// five seconds, in case the kernel does not tell. Pure.
class LookTimes {
public:
    void written(TimePoint now) { m_step = 0, m_next = now; }
    /// After each look. `busy`: a lock kept us from seeing what there is.
    void looked(TimePoint now, bool busy = false);
    TimePoint next() const { return m_next; }

private:
    std::size_t m_step = 0;
    TimePoint m_next{};
};

} // namespace coldframe::changes
