#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "changes/table_shape.h"

// The SQL that Coldframe puts into a database to capture changes. Pure text: every process that
// writes the table runs it, so it uses nothing but what SQLite itself has had since version 3.8.
namespace coldframe::changes {

/// What was changed, in the order of commits: one line a change, `o1…` the old row, `n1…` the new
/// one. Columns without a type keep every value as it is.
inline constexpr const char* kLogTable = "_coldframe_changes";
/// Rows that an insert under way may replace. Empty but within such a statement, and after an
/// INSERT OR IGNORE that was ignored.
inline constexpr const char* kReplacedTable = "_coldframe_replaced";
/// Which tables are captured, for whom, and the columns their lines in the log have.
inline constexpr const char* kCapturesTable = "_coldframe_captures";

/// `op` in the log. A mark holds the place of the last line that was forgotten.
enum class LogOp { Mark = 0, Insert = 1, Modify = 2, Remove = 3 };

/// A trigger as SQLite stores it, without the semicolon.
struct CaptureTrigger {
    std::string name;
    std::string sql;
};

/// What the names of triggers say they do: `_coldframe_will_insert_TABLE`.
inline constexpr const char* kTriggerWords[]
    = {"will_insert", "insert", "will_rekey", "rekey", "update", "delete"};

/// All triggers of a table whose lines carry this number of a capture, named after `name`; that is
/// the table's own but for one that was renamed since.
///
/// SQLite fires the youngest trigger of a table first, so these must be younger than the user's
/// own: what a trigger of theirs does to the row is then told after what made it fire.
/// Source: sqlite3FinishTrigger() and sqlite3CodeRowTrigger() in SQLite 3.40.1.
std::vector<CaptureTrigger> captureTriggers(const TableShape& shape, std::int64_t capture,
                                            const std::string& name);

/// Tables with room for that many columns, and the mark that the log begins with.
std::vector<std::string> createCaptureTables(std::size_t columns);
/// More room in tables that have it for fewer.
std::vector<std::string> widenCaptureTables(std::size_t from, std::size_t to);
std::vector<std::string> dropCaptureTables();

} // namespace coldframe::changes
