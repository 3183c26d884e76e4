#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include <sys/types.h>

#include "sqlite/sqlite.h"
#include "tables/row.h"
#include "tables/table_error.h"

namespace coldframe::tables {

/// What one result writes.
struct Write {
    Target target;
    std::vector<Row> rows;
};

/// Writes rows into a SQLite database that others use as well. For one thread at a time; may block
/// on the disk, and half a second on a lock.
class TableWriter {
public:
    explicit TableWriter(std::filesystem::path file) : m_file(std::move(file)) { }

    /// All in one transaction; each of them wholly or not at all. Says of each why it is not
    /// written; the others are, durably, as the database's own settings have it.
    std::vector<std::optional<Failure>> write(std::span<const Write> writes);

private:
    std::optional<Failure> open(const Target& target, bool create);
    std::optional<Failure> writeOne(const Write& write);
    std::optional<Failure> insert(const Write& write);
    std::optional<Failure> check(int code, const Target& target) const;
    void close();

    std::filesystem::path m_file;
    sqlite::Database m_db;
    dev_t m_device = 0; ///< with the inode: the file that is open
    ino_t m_inode = 0;
};

} // namespace coldframe::tables
