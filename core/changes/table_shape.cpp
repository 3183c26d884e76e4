#include "changes/table_shape.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace coldframe::changes {

using sqlite::Statement;

namespace {

constexpr int kOrdinary = 0; // "hidden" in PRAGMA table_xinfo; 1 is a virtual table's own
constexpr std::int64_t kExpression = -2; // "cid" in PRAGMA index_xinfo

std::string quoted(std::string_view text, char mark)
{
    std::string result(1, mark);
    for (const char c : text)
        result.append(c == mark ? 2 : 1, c);
    return result + mark;
}

bool sameName(std::string_view a, std::string_view b)
{
    return a.size() == b.size()
        && sqlite3_strnicmp(a.data(), b.data(), static_cast<int>(a.size())) == 0;
}

tl::unexpected<Error> refused(Error::Code code, std::string message, std::string hint)
{
    return tl::unexpected(
        Error{.code = code, .message = std::move(message), .hint = std::move(hint)});
}

struct TableKind {
    std::string name, type;
    bool withoutRowid = false;
};

Result<TableKind> readKind(sqlite3* db, const std::string& table, int& code)
{
    Statement row;
    code = row.prepare(db,
                       "SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' "
                       "AND name = ?1 COLLATE NOCASE");
    if (code == SQLITE_OK)
        code = row.bind(1, table).next();
    if (code == SQLITE_ROW) {
        code = SQLITE_OK;
        return TableKind{row.bytes(0), row.bytes(1), row.integer(2) != 0};
    }
    if (code == SQLITE_DONE)
        code = SQLITE_OK;
    return refused(Error::Code::Missing,
                   fmt::format("there is no table {} in the database", quotedName(table)),
                   "create it, or correct the trigger's \"table\"");
}

Result<void> checkKind(const TableKind& kind)
{
    const std::string name = quotedName(kind.name);
    if (kind.type == "view")
        return refused(Error::Code::Conflict, fmt::format("{} is a view, and has no rows", name),
                       "name the tables that the view reads from");
    if (kind.type == "virtual" || kind.type == "shadow")
        return refused(Error::Code::Conflict,
                       fmt::format("{} is {}, which can have no triggers", name,
                                   kind.type == "virtual" ? "a virtual table"
                                                          : "the inside of a virtual table"),
                       "capture the ordinary table that its rows come from");
    if (kind.name.starts_with("sqlite_") || kind.name.starts_with("_coldframe_"))
        return refused(Error::Code::Conflict, fmt::format("{} is not a table of your data", name),
                       "name one of your own tables");
    return {};
}

/// Another name for the rowid which no column has taken; empty when there is none.
std::string freeRowidName(const std::vector<CapturedColumn>& columns)
{
    for (const char* alias : {"rowid", "_rowid_", "oid"})
        if (std::ranges::none_of(columns, [&](const auto& c) { return sameName(c.name, alias); }))
            return alias;
    return {};
}

int readColumns(sqlite3* db, TableShape& shape)
{
    Statement row;
    int code = row.prepare(db, "SELECT name, pk, hidden FROM pragma_table_xinfo(?1)");
    if (code != SQLITE_OK)
        return code;
    row.bind(1, shape.name);
    while ((code = row.next()) == SQLITE_ROW)
        if (const auto hidden = row.integer(2); hidden == kOrdinary || hidden >= 2)
            shape.columns.push_back({row.bytes(0), static_cast<int>(row.integer(1))});
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

int readUniqueIndex(sqlite3* db, const std::string& index, TableShape& shape)
{
    Statement row;
    int code = row.prepare(db, "SELECT cid, name, coll FROM pragma_index_xinfo(?1) WHERE key = 1");
    if (code != SQLITE_OK)
        return code;
    row.bind(1, index);
    UniqueKey key;
    bool expression = false;
    while ((code = row.next()) == SQLITE_ROW) {
        const std::string name = row.bytes(1);
        const auto column
            = std::ranges::find(shape.columns, name, [](const auto& c) { return c.name; });
        if (row.integer(0) == kExpression || column == shape.columns.end())
            expression = true;
        else
            key.parts.push_back(
                {static_cast<std::size_t>(column - shape.columns.begin()), row.bytes(2)});
    }
    if (expression)
        shape.warnings.push_back(fmt::format(
            "the unique index {} is on an expression: a row that INSERT OR REPLACE deletes only "
            "because of it is not told as removed",
            quotedName(index)));
    else if (!key.parts.empty())
        shape.unique.push_back(std::move(key));
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

int readUniqueKeys(sqlite3* db, TableShape& shape)
{
    Statement row;
    int code = row.prepare(
        db, "SELECT name FROM pragma_index_list(?1) WHERE \"unique\" = 1 ORDER BY name");
    if (code != SQLITE_OK)
        return code;
    row.bind(1, shape.name);
    while ((code = row.next()) == SQLITE_ROW)
        if (const int inner = readUniqueIndex(db, row.bytes(0), shape); inner != SQLITE_OK)
            return inner;
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

/// A key that has no index of its own (INTEGER PRIMARY KEY, the rowid) is unique all the same.
void addPrimaryKey(TableShape& shape)
{
    const std::vector<std::size_t> key = shape.keyColumns();
    const bool known = std::ranges::any_of(shape.unique, [&](const UniqueKey& unique) {
        return unique.parts.size() == key.size()
            && std::ranges::all_of(unique.parts, [&](const UniqueKey::Part& part) {
                   return std::ranges::find(key, part.column) != key.end();
               });
    });
    if (known)
        return;
    shape.numbered = key.size() == 1;
    UniqueKey unique;
    for (const std::size_t column : key)
        unique.parts.push_back({column, "BINARY"});
    shape.unique.insert(shape.unique.begin(), std::move(unique));
}

} // namespace

std::vector<std::size_t> TableShape::keyColumns() const
{
    std::vector<std::size_t> key;
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].key > 0)
            key.push_back(i);
    std::ranges::sort(key, {}, [&](std::size_t i) { return columns[i].key; });
    return key;
}

std::string quotedName(std::string_view name)
{
    return quoted(name, '"');
}

std::string quotedText(std::string_view text)
{
    return quoted(text, '\'');
}

Result<TableShape> readTableShape(sqlite3* db, const std::string& table, int& code)
{
    const auto failed = [&] { return refused(Error::Code::Io, sqlite3_errmsg(db), "try again"); };
    const Result<TableKind> kind = readKind(db, table, code);
    if (!kind)
        return tl::unexpected(kind.error());
    if (const Result<void> fine = checkKind(*kind); !fine)
        return tl::unexpected(fine.error());

    TableShape shape{.name = kind->name};
    if ((code = readColumns(db, shape)) != SQLITE_OK)
        return failed();
    if (shape.columns.size() > kMaxColumns)
        return refused(Error::Code::LimitReached,
                       fmt::format("{} has {} columns; at most {} can be captured",
                                   quotedName(table), shape.columns.size(), kMaxColumns),
                       "split the table");
    if (shape.keyColumns().empty()) {
        const std::string rowid = freeRowidName(shape.columns);
        if (rowid.empty())
            return refused(Error::Code::Conflict,
                           fmt::format("{} has no primary key, and columns named rowid, _rowid_ "
                                       "and oid hide its row numbers",
                                       quotedName(table)),
                           "give the table a primary key");
        shape.columns.insert(shape.columns.begin(), {rowid, 1});
        shape.warnings.push_back(
            fmt::format("{} has no primary key: its row number ({}) stands for it, which VACUUM "
                        "may change",
                        quotedName(table), rowid));
    }
    if ((code = readUniqueKeys(db, shape)) != SQLITE_OK)
        return failed();
    addPrimaryKey(shape);
    return shape;
}

} // namespace coldframe::changes
