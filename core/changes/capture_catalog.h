#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "changes/capture.h"
#include "changes/table_shape.h"

namespace coldframe::changes {

/// What Coldframe has installed in a database, as far as it concerns one table.
struct CaptureCatalog {
    struct Capture {
        std::int64_t id = 0;
        std::string owner;
        std::string columns; ///< see columnsText()
    };
    struct Trigger {
        std::string name, table, sql;
        std::int64_t place = 0; ///< the later it was created, the higher
    };
    bool log = false, replaced = false, captured = false; ///< which of the three tables exist
    std::size_t width = 0; ///< columns of a row that the log has room for
    std::vector<Capture> captures; ///< of this table; the last one holds, the others have lines
    std::int64_t nextId = 1;
    bool othersCaptured = false; ///< another table is captured, too
    std::int64_t waiting = 0; ///< lines in the log about this table
    std::vector<Trigger> triggers; ///< ours, whose name or table is this one
    std::vector<Trigger> theirs; ///< the user's own on this table

    std::vector<std::string> triggersOfOthers; ///< names of ours that capture other tables
};

/// Reads it. Returns a code of SQLite; SQLITE_OK when all is read.
int readCaptureCatalog(sqlite3* db, const std::string& table, CaptureCatalog& catalog);

/// The columns as the captures table holds them: `[{"name":"id","key":1}, {"name":"item"}]`.
std::string columnsText(const TableShape& shape);
sources::RowColumns columnsOf(const std::string& text);

/// `shape` is the table as it is now, or why it cannot be captured.
CaptureState judgeCapture(const CaptureCatalog& catalog, const Result<TableShape>& shape);

/// What makes the capture Ready for `owner`, from whatever state it is in.
CapturePlan planInstall(const CaptureCatalog& catalog, const TableShape& shape,
                        const std::string& owner);
/// What removes all of it, with the changes nobody has read.
CapturePlan planRemoval(const CaptureCatalog& catalog, const std::string& table);

} // namespace coldframe::changes
