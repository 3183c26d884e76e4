#include "changes/capture_catalog.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "changes/capture_sql.h"
#include "changes/julian_day.h"

namespace coldframe::changes {

using sqlite::Statement;

namespace {

constexpr std::int64_t kMostId = INT32_MAX; ///< of a capture; they count from 1

/// Calls `row` for every row. SQLITE_OK after the last one.
template <typename Row> int eachRow(sqlite3* db, const std::string& sql, const Row& row)
{
    Statement statement;
    int code = statement.prepare(db, sql);
    if (code != SQLITE_OK)
        return code;
    while ((code = statement.next()) == SQLITE_ROW)
        row(statement);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

int readTables(sqlite3* db, CaptureCatalog& catalog)
{
    const int code = eachRow(
        db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB '_coldframe_*'",
        [&](const Statement& row) {
            const std::string name = row.bytes(0);
            catalog.log |= name == kLogTable;
            catalog.replaced |= name == kReplacedTable;
            catalog.captured |= name == kCapturesTable;
        });
    if (code != SQLITE_OK || !catalog.log)
        return code;
    return eachRow(
        db,
        fmt::format("SELECT count(*) FROM pragma_table_info('{}') WHERE name GLOB "
                    "'n[1-9]*'",
                    kLogTable),
        [&](const Statement& row) { catalog.width = static_cast<std::size_t>(row.integer(0)); });
}

std::vector<std::string> namesOf(const std::string& text)
{
    using nlohmann::json;
    std::vector<std::string> names;
    const json list = json::parse(text, nullptr, false);
    if (list.is_array())
        for (const json& name : list)
            if (name.is_string())
                names.push_back(name.get<std::string>());
    return names;
}

int readCaptures(sqlite3* db, CaptureCatalog& catalog, std::vector<CaptureCatalog::Capture>& all)
{
    int code = eachRow(
        db,
        fmt::format("SELECT 1 FROM pragma_table_info('{}') WHERE name = 'former'", kCapturesTable),
        [&](const Statement&) { catalog.formerKept = true; });
    if (code != SQLITE_OK)
        return code;
    code = eachRow(db,
                   fmt::format("SELECT id, table_name, owner, columns, since, {} FROM \"{}\" "
                               "ORDER BY id",
                               catalog.formerKept ? "former" : "NULL", kCapturesTable),
                   [&](const Statement& row) {
                       if (row.integer(0) < 1 || row.integer(0) > kMostId)
                           return; // put there by somebody's hand
                       all.push_back({.id = row.integer(0),
                                      .table = row.bytes(1),
                                      .owner = row.bytes(2),
                                      .columns = row.bytes(3),
                                      .since = timeOfJulianDay(row.real(4)),
                                      .former = namesOf(row.bytes(5))});
                       catalog.nextId = row.integer(0) + 1;
                   });
    if (code != SQLITE_OK || !catalog.log || all.empty())
        return code;
    return eachRow(db,
                   fmt::format("SELECT capture, count(*) FROM \"{}\" WHERE op > 0 GROUP BY capture",
                               kLogTable),
                   [&](const Statement& row) {
                       const auto found
                           = std::ranges::find(all, row.integer(0), &CaptureCatalog::Capture::id);
                       if (found != all.end())
                           found->waiting = row.integer(1);
                   });
}

/// The table a trigger of ours was made for: `_coldframe_will_insert_TABLE`.
std::string capturedBy(const std::string& trigger)
{
    for (const char* what : kTriggerWords) {
        const std::string head = fmt::format("_coldframe_{}_", what);
        if (trigger.size() > head.size()
            && sqlite3_strnicmp(trigger.c_str(), head.c_str(), static_cast<int>(head.size())) == 0)
            return trigger.substr(head.size());
    }
    return {};
}

int readTriggers(sqlite3* db, CaptureCatalog& catalog)
{
    return eachRow(
        db, "SELECT name, tbl_name, sql, rowid FROM sqlite_master WHERE type = 'trigger'",
        [&](const Statement& row) {
            CaptureCatalog::Trigger found{row.bytes(0), row.bytes(1), row.bytes(2), row.integer(3),
                                          capturedBy(row.bytes(0))};
            const bool here = sameTable(found.table, catalog.table);
            const bool ours = found.name.starts_with("_coldframe_") || !found.captured.empty();
            if (ours && (here || sameTable(found.captured, catalog.table)))
                catalog.triggers.push_back(std::move(found));
            else if (ours)
                catalog.othersTriggers.push_back(std::move(found));
            else if (here)
                catalog.theirs.push_back(std::move(found));
        });
}

/// Finds out which capture is this table's.
void sortOut(std::vector<CaptureCatalog::Capture> all, CaptureCatalog& catalog)
{
    using Trigger = CaptureCatalog::Trigger;
    for (const Trigger& trigger : catalog.triggers)
        if (sameTable(trigger.captured, catalog.table) && !sameTable(trigger.table, catalog.table))
            catalog.renamedTo = trigger.table;
    const auto followedHere = [&](const std::string& name) {
        return std::ranges::any_of(catalog.triggers, [&](const Trigger& trigger) {
            return sameTable(trigger.captured, name) && sameTable(trigger.table, catalog.table);
        });
    };
    for (CaptureCatalog::Capture& capture : all) {
        if (sameTable(capture.table, catalog.table)) {
            catalog.captures.push_back(std::move(capture));
            continue;
        }
        if (followedHere(capture.table)) {
            catalog.formerCaptures.push_back(std::move(capture));
            continue;
        }
        if (std::ranges::any_of(capture.former, [&](const std::string& name) {
                return sameTable(name, catalog.table);
            }))
            catalog.takenOverBy = capture.table;
        catalog.others.push_back(std::move(capture));
    }
}

} // namespace

bool sameTable(const std::string& a, const std::string& b)
{
    return sqlite3_stricmp(a.c_str(), b.c_str()) == 0;
}

std::int64_t CaptureCatalog::waiting() const
{
    std::int64_t lines = 0;
    for (const std::vector<Capture>* list : {&captures, &formerCaptures})
        for (const Capture& capture : *list)
            lines += capture.waiting;
    return lines;
}

std::vector<std::string> CaptureCatalog::formerNames() const
{
    std::vector<std::string> names;
    const auto add = [&](const std::string& name) {
        const auto same = [&](const std::string& known) { return sameTable(known, name); };
        if (!sameTable(name, table) && std::ranges::none_of(names, same))
            names.push_back(name);
    };
    for (const std::vector<Capture>* list : {&formerCaptures, &captures}) {
        if (list->empty())
            continue;
        add(list->back().table);
        for (const std::string& name : list->back().former)
            add(name);
    }
    return names;
}

int readCaptureCatalog(sqlite3* db, const std::string& table, CaptureCatalog& catalog)
{
    catalog.table = table;
    std::vector<CaptureCatalog::Capture> all;
    int code = readTables(db, catalog);
    if (code == SQLITE_OK && catalog.captured)
        code = readCaptures(db, catalog, all);
    if (code == SQLITE_OK)
        code = readTriggers(db, catalog);
    sortOut(std::move(all), catalog);
    return code;
}

std::string namesText(const std::vector<std::string>& names)
{
    return nlohmann::json(names).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
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
