#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include <sys/types.h>

#include "sqlite/sqlite.h"
#include "tables/row_writer.h"

namespace coldframe::tables {

/// Writes rows into a SQLite database. Blocks on the disk, and half a second on a lock.
class TableWriter final : public RowWriter {
public:
    explicit TableWriter(std::filesystem::path file) : m_file(std::move(file)) { }

    std::vector<std::optional<Failure>> write(std::span<const Write> writes) override;

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
