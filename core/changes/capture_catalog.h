#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "changes/capture.h"
#include "changes/table_shape.h"

namespace coldframe::changes {

/// What Coldframe has installed in a database, as one table's name sees it.
///
/// Tables change their names, and SQLite takes the triggers along: their names still end with that
/// of the table they were made for. So a capture goes by one name, and its triggers say which table
/// that is now.
struct CaptureCatalog {
    struct Capture {
        std::int64_t id = 0;
        std::string table; ///< the name it goes by
        std::string owner;
        std::string columns; ///< see columnsText()
        TimePoint since{}; ///< when it was installed first
        std::vector<std::string> former; ///< names it went by before, the latest first
        std::int64_t waiting = 0; ///< lines in the log
    };
    struct Trigger {
        std::string name, table, sql;
        std::int64_t place = 0; ///< the later it was created, the higher
        std::string captured; ///< of ours: the table it was made for
    };
    std::string table; ///< the name asked for
    bool log = false, replaced = false, captured = false; ///< which of the three tables exist
    bool formerKept = false; ///< the third one has room for former names
    std::size_t width = 0; ///< columns of a row that the log has room for
    std::int64_t nextId = 1;

    std::vector<Capture> captures; ///< by this name; the last one holds, the others have lines
    /// By another name, of the table that has this name now.
    std::vector<Capture> formerCaptures;
    std::vector<Capture> others; ///< of other tables, or of tables that are gone
    std::vector<Trigger> triggers; ///< ours, made for this name or on the table that has it
    std::vector<Trigger> othersTriggers; ///< ours, the rest
    std::vector<Trigger> theirs; ///< the user's own on this table
    std::string renamedTo; ///< the table that this name's triggers are on, if that is another one
    std::string takenOverBy; ///< the name that the capture of this one goes by now, if it does

    std::int64_t waiting() const; ///< lines in the log that belong to this name or this table
    std::vector<std::string> formerNames() const; ///< of this table, the latest first
};

/// SQLite does not heed the case of ASCII letters.
bool sameTable(const std::string& a, const std::string& b);

/// Reads it. Returns a code of SQLite; SQLITE_OK when all is read.
int readCaptureCatalog(sqlite3* db, const std::string& table, CaptureCatalog& catalog);

/// The columns as the captures table holds them: `[{"name":"id","key":1}, {"name":"item"}]`.
std::string columnsText(const TableShape& shape);
sources::RowColumns columnsOf(const std::string& text);
/// Names as that table holds them: `["orders","sales"]`.
std::string namesText(const std::vector<std::string>& names);

/// The table as it is now, or why it cannot be captured.
struct TableShapes {
    Result<TableShape> table; ///< of the name asked for
    Result<TableShape> renamed; ///< of CaptureCatalog::renamedTo, when there is one
};
CaptureState judgeCapture(const CaptureCatalog& catalog, const TableShapes& shapes);

/// What makes the capture Ready for `owner`, from whatever state it is in.
CapturePlan planInstall(const CaptureCatalog& catalog, const TableShapes& shapes,
                        const std::string& owner);

/// Who removes a capture, and what of others must stay.
struct Remover {
    std::string owner;
    std::vector<std::string> tables; ///< whose changes it reads, too
};
/// What removes all of it, with the changes nobody has read; and the log, unless others need it.
CapturePlan planRemoval(const CaptureCatalog& catalog, const Remover& by);

} // namespace coldframe::changes
