#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "changes/capture_catalog.h"
#include "changes/capture_sql.h"

namespace coldframe::changes {

namespace {

using Kind = CaptureState::Kind;

void worsen(CaptureState& state, Kind kind, std::string reason)
{
    state.kind = std::max(state.kind, kind);
    state.reasons.push_back(std::move(reason));
}

/// What became of the columns, in words.
std::string columnsDifference(const std::string& before, const std::string& now)
{
    std::set<std::string> was, is;
    for (const sources::RowColumn& column : columnsOf(before))
        was.insert(column.name);
    for (const sources::RowColumn& column : columnsOf(now))
        is.insert(column.name);
    std::vector<std::string> words;
    for (const std::string& name : was)
        if (!is.contains(name))
            words.push_back(quotedName(name) + " is gone");
    for (const std::string& name : is)
        if (!was.contains(name))
            words.push_back(quotedName(name) + " is new and not captured");
    return words.empty() ? "the order of its columns or its key has changed"
                         : fmt::format("column {}", fmt::join(words, ", "));
}

void judgeTables(const CaptureCatalog& catalog, CaptureState& state)
{
    const std::pair<bool, const char*> tables[] = {{catalog.log, kLogTable},
                                                   {catalog.replaced, kReplacedTable},
                                                   {catalog.captured, kCapturesTable}};
    for (const auto& [exists, name] : tables)
        if (!exists)
            worsen(state, Kind::Broken,
                   fmt::format("the table {} was dropped{}", name,
                               catalog.triggers.empty() ? "" : ", so writing to yours fails"));
}

void judgeTriggers(const CaptureCatalog& catalog, const TableShape& shape, bool sameColumns,
                   CaptureState& state)
{
    std::int64_t first = INT64_MAX;
    for (const CaptureTrigger& expected : captureTriggers(shape, catalog.captures.back().id)) {
        const auto found = std::ranges::find_if(catalog.triggers, [&](const auto& trigger) {
            return sqlite3_stricmp(trigger.name.c_str(), expected.name.c_str()) == 0;
        });
        if (found == catalog.triggers.end()) {
            worsen(state, Kind::Broken,
                   fmt::format("the trigger {} is missing: the table was dropped and created anew, "
                               "or somebody dropped the trigger",
                               quotedName(expected.name)));
            continue;
        }
        first = std::min(first, found->place);
        if (sqlite3_stricmp(found->table.c_str(), shape.name.c_str()) != 0)
            worsen(state, Kind::Broken,
                   fmt::format("the trigger {} belongs to {}, which had this table's name before",
                               quotedName(expected.name), quotedName(found->table)));
        else if (found->sql != expected.sql && sameColumns)
            worsen(state, Kind::Outdated,
                   fmt::format("the trigger {} was changed, or the table's unique keys were",
                               quotedName(expected.name)));
    }
    for (const CaptureCatalog::Trigger& theirs : catalog.theirs)
        if (theirs.place > first)
            worsen(state, Kind::Outdated,
                   fmt::format("the table's own trigger {} is younger than Coldframe's and fires "
                               "first: what it does to the table is told before what made it fire",
                               quotedName(theirs.name)));
}

std::string emptyRows(std::size_t columns)
{
    std::string text;
    for (std::size_t i = 1; i <= columns; ++i)
        text += fmt::format(", o{0} = NULL, n{0} = NULL", i);
    return text;
}

} // namespace

std::string CapturePlan::script() const
{
    std::string text = "BEGIN IMMEDIATE;\n";
    for (const std::string& statement : statements)
        text += statement + ";\n";
    return text + "COMMIT;\n";
}

CaptureState judgeCapture(const CaptureCatalog& catalog, const Result<TableShape>& shape)
{
    CaptureState state;
    if (catalog.captures.empty() && catalog.triggers.empty())
        return state;
    if (!catalog.captures.empty())
        state.owner = catalog.captures.back().owner;
    state.kind = Kind::Ready;
    judgeTables(catalog, state);
    if (!shape) {
        worsen(state, Kind::Broken, shape.error().message);
        for (const CaptureCatalog::Trigger& trigger : catalog.triggers)
            if (trigger.name.starts_with("_coldframe_insert_"))
                worsen(state, Kind::Broken,
                       fmt::format("it seems to be {} now", quotedName(trigger.table)));
        return state;
    }
    if (catalog.captures.empty()) {
        worsen(state, Kind::Broken, "what was captured is not known any more");
        return state;
    }
    const std::string before = catalog.captures.back().columns, now = columnsText(*shape);
    if (before != now)
        worsen(state, Kind::Outdated,
               fmt::format("the table has changed: {}", columnsDifference(before, now)));
    judgeTriggers(catalog, *shape, before == now, state);
    return state;
}

CapturePlan planInstall(const CaptureCatalog& catalog, const TableShape& shape,
                        const std::string& owner)
{
    CapturePlan plan{.table = shape.name, .warnings = shape.warnings};
    const CaptureState state = judgeCapture(catalog, shape);
    if (state.kind == Kind::Ready && state.owner == owner)
        return plan;
    if (state.kind != Kind::Absent && state.owner != owner)
        plan.warnings.push_back(fmt::format(
            "the changes were captured for \"{}\", which will get no more of them", state.owner));
    auto& sql = plan.statements;
    const auto add
        = [&](std::vector<std::string> more) { std::ranges::move(more, std::back_inserter(sql)); };
    const bool tables = catalog.log && catalog.replaced && catalog.captured;
    for (const CaptureCatalog::Trigger& trigger : catalog.triggers)
        sql.push_back("DROP TRIGGER " + quotedName(trigger.name));
    if (!tables) {
        if (catalog.log || catalog.replaced || catalog.captured) {
            // Their numbers are not known any more, and could be those of the new capture.
            for (const std::string& trigger : catalog.triggersOfOthers)
                sql.push_back("DROP TRIGGER " + quotedName(trigger));
            add(dropCaptureTables());
            plan.warnings.push_back("a part of the capture was dropped: what it held is lost, and "
                                    "other captured tables must be set up again");
        }
        add(createCaptureTables(shape.columns.size()));
    } else {
        add(widenCaptureTables(catalog.width, shape.columns.size()));
    }
    std::int64_t id = tables && !catalog.captures.empty() ? catalog.captures.back().id : 0;
    const std::string columns = columnsText(shape);
    if (id == 0 || catalog.captures.back().columns != columns) {
        id = tables ? catalog.nextId : 1;
        sql.push_back(fmt::format("INSERT INTO \"{}\" VALUES ({}, {}, {}, {}, julianday('now'))",
                                  kCapturesTable, id, quotedText(shape.name), quotedText(owner),
                                  quotedText(columns)));
    } else if (state.owner != owner) {
        sql.push_back(fmt::format("UPDATE \"{}\" SET owner = {} WHERE id = {}", kCapturesTable,
                                  quotedText(owner), id));
    }
    if (tables && !catalog.captures.empty())
        sql.push_back(fmt::format("DELETE FROM \"{}\"", kReplacedTable));
    for (CaptureTrigger& trigger : captureTriggers(shape, id))
        sql.push_back(std::move(trigger.sql));
    return plan;
}

CapturePlan planRemoval(const CaptureCatalog& catalog, const std::string& table)
{
    CapturePlan plan{.table = table};
    auto& sql = plan.statements;
    for (const CaptureCatalog::Trigger& trigger : catalog.triggers)
        sql.push_back("DROP TRIGGER " + quotedName(trigger.name));
    if (catalog.waiting > 0)
        plan.warnings.push_back(
            fmt::format("{} changes that nobody has read are lost", catalog.waiting));
    if (!catalog.othersCaptured) {
        if (catalog.log || catalog.replaced || catalog.captured)
            for (std::string& statement : dropCaptureTables())
                sql.push_back(std::move(statement));
        return plan;
    }
    if (catalog.captures.empty())
        return plan;
    std::vector<std::int64_t> ids;
    for (const CaptureCatalog::Capture& capture : catalog.captures)
        ids.push_back(capture.id);
    const std::string list = fmt::format("{}", fmt::join(ids, ", "));
    if (catalog.log) // the last line's place is kept, so that no number is given twice
        sql.push_back(fmt::format(
            "UPDATE \"{0}\" SET capture = 0, op = 0{1} WHERE sequence = (SELECT max(sequence) "
            "FROM \"{0}\") AND capture IN ({2})",
            kLogTable, emptyRows(catalog.width), list));
    for (const char* name : {kLogTable, kReplacedTable})
        if (name == kLogTable ? catalog.log : catalog.replaced)
            sql.push_back(fmt::format("DELETE FROM \"{}\" WHERE capture IN ({})", name, list));
    sql.push_back(fmt::format("DELETE FROM \"{}\" WHERE id IN ({})", kCapturesTable, list));
    return plan;
}

} // namespace coldframe::changes
