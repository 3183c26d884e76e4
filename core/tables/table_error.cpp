#include "tables/table_error.h"

#include <sqlite3.h>

#include <fmt/format.h>

#include "tables/table_sql.h"

namespace coldframe::tables {

namespace {

std::string namesOf(const std::vector<std::string>& columns)
{
    std::string text;
    for (const std::string& column : columns)
        text += (text.empty() ? "" : ", ") + quotedName(column);
    return text;
}

/// SQLite has one code for all that is wrong with a statement; its words tell them apart.
std::string schemaHint(const std::string& message, const Target& target)
{
    if (message.starts_with("no such table"))
        return "create it, or add \"create\": true to the destination; results wait until then";
    if (message.find("has no column named") != message.npos)
        return fmt::format("add it with ALTER TABLE {} ADD COLUMN …, or take it out of "
                           "\"columns\"; results wait until then",
                           quotedName(target.table));
    if (message.starts_with("ON CONFLICT clause does not match"))
        return fmt::format("the key of an upsert needs an index: CREATE UNIQUE INDEX … ON {} ({}); "
                           "results wait until then",
                           quotedName(target.table), namesOf(target.key));
    return "correct the table or the destination; results wait until then";
}

std::string rowHint(int code, const Target& target)
{
    if ((code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_UNIQUE
         || code == SQLITE_CONSTRAINT_ROWID)
        && target.key.empty())
        return "name the columns that tell rows apart as \"key\": a row that is there is updated";
    return "give the function's result the shape that the table wants, or change the table";
}

} // namespace

Failure failureOf(int code, const std::string& message, const std::filesystem::path& file,
                  const Target& target, bool inRow)
{
    Failure failure{{.code = Error::Code::Io,
                     .message = fmt::format("table {}: {}", quotedName(target.table), message),
                     .hint = "check the disk; results wait until it works again",
                     .file = file.string()}};
    Error& error = failure.error;
    switch (code & 0xff) {
    case SQLITE_FULL:
        error.hint = "free some space there; results wait until then";
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        error.code = Error::Code::Unavailable;
        error.hint = "another program keeps it locked: end its transaction; results wait until "
                     "then";
        break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        error.hint = "allow your user to write the file and its folder (chmod, chown); results "
                     "wait until then";
        break;
    case SQLITE_CANTOPEN:
        error.code = Error::Code::Missing;
        error.hint = "make the database, or add \"create\": true to the destination; results wait "
                     "until then";
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        error.code = Error::Code::Malformed;
        error.hint = "restore it from a copy, or name another file; results wait until then";
        break;
    case SQLITE_ERROR: // a function in a trigger has no other code for values it cannot take
        if (!inRow) {
            error.code = Error::Code::Conflict;
            error.hint = schemaHint(message, target);
            break;
        }
        [[fallthrough]];
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
        failure.ofRows = true;
        error.code = Error::Code::Malformed;
        error.hint = rowHint(code, target);
        break;
    default:
        break;
    }
    return failure;
}

} // namespace coldframe::tables
