#include "changes/capture_catalog.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "changes/capture_sql.h"

namespace coldframe::changes {

using sqlite::Statement;

namespace {

/// Calls `row` for every row. SQLITE_OK after the last one.
template <typename Row>
int eachRow(sqlite3* db, const std::string& sql, const std::string& parameter, const Row& row)
{
    Statement statement;
    int code = statement.prepare(db, sql);
    if (code != SQLITE_OK)
        return code;
    if (sql.find("?1") != sql.npos)
        statement.bind(1, parameter);
    while ((code = statement.next()) == SQLITE_ROW)
        row(statement);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

int readTables(sqlite3* db, CaptureCatalog& catalog)
{
    const int code = eachRow(
        db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB '_coldframe_*'", {},
        [&](const Statement& row) {
            const std::string name = row.bytes(0);
            catalog.log |= name == kLogTable;
            catalog.replaced |= name == kReplacedTable;
            catalog.captured |= name == kCapturesTable;
        });
    if (code != SQLITE_OK || !catalog.log)
        return code;
    return eachRow(db,
                   fmt::format("SELECT count(*) FROM pragma_table_info('{}') WHERE name GLOB "
                               "'n[1-9]*'",
                               kLogTable),
                   {}, [&](const Statement& row) {
                       catalog.width = static_cast<std::size_t>(row.integer(0));
                   });
}

int readCaptures(sqlite3* db, const std::string& table, CaptureCatalog& catalog)
{
    int code = eachRow(
        db,
        fmt::format("SELECT id, owner, columns, table_name = ?1 COLLATE NOCASE FROM \"{}\" "
                    "ORDER BY id",
                    kCapturesTable),
        table, [&](const Statement& row) {
            catalog.nextId = row.integer(0) + 1;
            if (row.integer(3) != 0)
                catalog.captures.push_back({row.integer(0), row.bytes(1), row.bytes(2)});
            else
                catalog.othersCaptured = true;
        });
    if (code == SQLITE_OK && catalog.log && !catalog.captures.empty())
        code = eachRow(db,
                       fmt::format("SELECT count(*) FROM \"{}\" WHERE capture IN (SELECT id FROM "
                                   "\"{}\" WHERE table_name = ?1 COLLATE NOCASE)",
                                   kLogTable, kCapturesTable),
                       table, [&](const Statement& row) { catalog.waiting = row.integer(0); });
    return code;
}

int readTriggers(sqlite3* db, const std::string& table, CaptureCatalog& catalog)
{
    TableShape named{.name = table, .columns = {{"", 1}}};
    named.unique.push_back({.parts = {{0, "BINARY"}}});
    const std::vector<CaptureTrigger> own = captureTriggers(named, 0);
    return eachRow(
        db, "SELECT name, tbl_name, sql, rowid FROM sqlite_master WHERE type = 'trigger'", {},
        [&](const Statement& row) {
            CaptureCatalog::Trigger found{row.bytes(0), row.bytes(1), row.bytes(2), row.integer(3)};
            const auto same = [](const std::string& a, const std::string& b) {
                return sqlite3_stricmp(a.c_str(), b.c_str()) == 0;
            };
            const bool here = same(found.table, table);
            const bool ours = std::ranges::any_of(
                own, [&](const CaptureTrigger& trigger) { return same(found.name, trigger.name); });
            if (ours || (here && found.name.starts_with("_coldframe_")))
                catalog.triggers.push_back(std::move(found));
            else if (found.name.starts_with("_coldframe_"))
                catalog.triggersOfOthers.push_back(std::move(found.name));
            else if (here)
                catalog.theirs.push_back(std::move(found));
        });
}

} // namespace

int readCaptureCatalog(sqlite3* db, const std::string& table, CaptureCatalog& catalog)
{
    int code = readTables(db, catalog);
    if (code == SQLITE_OK && catalog.captured)
        code = readCaptures(db, table, catalog);
    if (code == SQLITE_OK)
        code = readTriggers(db, table, catalog);
    return code;
}

std::string columnsText(const TableShape& shape)
{
    using nlohmann::json;
    json columns = json::array();
    for (const CapturedColumn& column : shape.columns) {
        json one = {{"name", column.name}};
        if (column.key > 0)
            one["key"] = column.key;
        columns.push_back(std::move(one));
    }
    return columns.dump(-1, ' ', false, json::error_handler_t::replace);
}

sources::RowColumns columnsOf(const std::string& text)
{
    using nlohmann::json;
    sources::RowColumns columns;
    const json list = json::parse(text, nullptr, false);
    if (!list.is_array()) // somebody's hand was in it
        return columns;
    for (const json& one : list)
        if (one.is_object() && one.contains("name") && one["name"].is_string())
            columns.push_back({one["name"].get<std::string>(), one.contains("key")});
    return columns;
}

} // namespace coldframe::changes
