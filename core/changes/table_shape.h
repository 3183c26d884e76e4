#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/error.h"
#include "sqlite/sqlite.h"

namespace coldframe::changes {

/// A column whose values are captured.
struct CapturedColumn {
    std::string name;
    int key = 0; ///< place in the primary key from 1; 0: not of the key
};

/// Columns that no two rows may have alike, so that REPLACE deletes the row that stands there.
struct UniqueKey {
    struct Part {
        std::size_t column = 0; ///< index of TableShape::columns
        std::string collation;
    };
    std::vector<Part> parts;
};

/// What has to be known of a table to capture its changes.
struct TableShape {
    std::string name; ///< as it was created
    /// As SELECT * gives them, generated ones too. A table without a primary key has its rowid in
    /// front, which then is the key.
    std::vector<CapturedColumn> columns;
    std::vector<UniqueKey> unique; ///< the primary key among them
    bool numbered = false; ///< the key is the rowid, which SQLite gives out itself
    std::vector<std::string> warnings; ///< sentences about what cannot be captured

    std::vector<std::size_t> keyColumns() const; ///< in the order of the key
};

/// Most columns a captured table may have: SQLite allows 2,000 in the log, which holds two rows.
inline constexpr std::size_t kMaxColumns = 900;

/// `"a""b"`
std::string quotedName(std::string_view name);
/// `'it''s'`
std::string quotedText(std::string_view text);

/// Reads the shape from the database's own catalogue.
/// Errors: Missing when there is no such table; Conflict for a view, a virtual table, one of
/// SQLite's or Coldframe's own tables, or one whose rows cannot be told apart; LimitReached for too
/// many columns; what SQLite says else. Errors of SQLite leave `code` other than SQLITE_OK.
Result<TableShape> readTableShape(sqlite3* db, const std::string& table, int& code);

} // namespace coldframe::changes
