#include <algorithm>

#include <fmt/format.h>

#include "changes/capture_catalog.h"
#include "changes/capture_sql.h"

namespace coldframe::changes {

namespace {

using Kind = CaptureState::Kind;
using Capture = CaptureCatalog::Capture;
using Captures = std::vector<Capture>;

std::string emptyRows(std::size_t columns)
{
    std::string text;
    for (std::size_t i = 1; i <= columns; ++i)
        text += fmt::format(", o{0} = NULL, n{0} = NULL", i);
    return text;
}

std::string idsText(const Captures& captures)
{
    std::vector<std::int64_t> ids;
    for (const Capture& capture : captures)
        ids.push_back(capture.id);
    return fmt::format("{}", fmt::join(ids, ", "));
}

std::string changesText(std::int64_t count)
{
    return fmt::format("{} change{}", count, count == 1 ? "" : "s");
}

/// Whose they were, if they were not `owner`'s.
void warnOfOwners(const CaptureCatalog& catalog, const std::string& owner, CapturePlan& plan)
{
    std::string told;
    for (const Captures* list : {&catalog.captures, &catalog.formerCaptures}) {
        if (list->empty() || list->back().owner == owner || list->back().owner == told)
            continue;
        told = list->back().owner;
        plan.warnings.push_back(fmt::format(
            "the changes were captured for \"{}\", which will get no more of them", told));
    }
}

void warnOfNames(const CaptureCatalog& catalog, CapturePlan& plan)
{
    if (!catalog.renamedTo.empty())
        plan.warnings.push_back(fmt::format(
            "{0}, which had this name before, is not captured any more; what was captured of it so "
            "far still comes. To go on capturing it, install it for {0} first",
            quotedName(catalog.renamedTo)));
    std::int64_t waiting = 0;
    for (const Capture& former : catalog.formerCaptures)
        waiting += former.waiting;
    if (!catalog.formerCaptures.empty())
        plan.warnings.push_back(fmt::format(
            "the log of {}, as the table was called, is taken over with {} in it; a trigger for "
            "the old name gets no more",
            quotedName(catalog.formerCaptures.back().table), changesText(waiting)));
}

/// The three tables, with room for so many columns. False: they are made anew, and empty.
bool addTables(const CaptureCatalog& catalog, std::size_t columns, CapturePlan& plan)
{
    const auto add = [&](std::vector<std::string> more) {
        std::ranges::move(more, std::back_inserter(plan.statements));
    };
    if (catalog.log && catalog.replaced && catalog.captured) {
        add(widenCaptureTables(catalog.width, columns));
        return true;
    }
    if (catalog.log || catalog.replaced || catalog.captured) {
        // Their numbers are not known any more, and could be those of the new capture.
        for (const CaptureCatalog::Trigger& trigger : catalog.othersTriggers)
            plan.statements.push_back("DROP TRIGGER " + quotedName(trigger.name));
        add(dropCaptureTables());
        plan.warnings.push_back("a part of the capture was dropped: what it held is lost, and "
                                "other captured tables must be set up again");
    }
    add(createCaptureTables(columns));
    return false;
}

/// The line that says whose the table's changes are, and what columns they have. The number of the
/// capture that new changes have.
std::int64_t addCapture(const CaptureCatalog& catalog, bool kept, const TableShape& shape,
                        const std::string& owner, CapturePlan& plan)
{
    auto& sql = plan.statements;
    const std::string columns = columnsText(shape), captures = quotedName(kCapturesTable);
    const bool taken = kept && !catalog.formerCaptures.empty();
    const Captures& before = taken ? catalog.formerCaptures : catalog.captures;
    if (!kept || before.empty()) {
        const std::int64_t id = kept ? catalog.nextId : 1;
        sql.push_back(fmt::format("INSERT INTO {}(id, table_name, owner, columns, since) VALUES "
                                  "({}, {}, {}, {}, julianday('now'))",
                                  captures, id, quotedText(shape.name), quotedText(owner),
                                  quotedText(columns)));
        return id;
    }
    Captures all = catalog.captures;
    all.insert(all.end(), catalog.formerCaptures.begin(), catalog.formerCaptures.end());
    const bool others
        = std::ranges::any_of(all, [&](const Capture& one) { return one.owner != owner; });
    std::int64_t id = before.back().id;
    if (taken || before.back().columns != columns) {
        if (!catalog.formerKept)
            sql.push_back(fmt::format("ALTER TABLE {} ADD COLUMN former TEXT", captures));
        const std::vector<std::string> names = catalog.formerNames();
        sql.push_back(fmt::format(
            "INSERT INTO {0}(id, table_name, owner, columns, since, former) SELECT {1}, {2}, {3}, "
            "{4}, since, {5} FROM {0} WHERE id = {6}",
            captures, catalog.nextId, quotedText(shape.name), quotedText(owner),
            quotedText(columns), names.empty() ? "NULL" : quotedText(namesText(names)), id));
        id = catalog.nextId;
    }
    if (taken)
        sql.push_back(fmt::format("UPDATE {} SET table_name = {} WHERE id IN ({})", captures,
                                  quotedText(shape.name), idsText(catalog.formerCaptures)));
    if (others)
        sql.push_back(fmt::format("UPDATE {} SET owner = {} WHERE id IN ({})", captures,
                                  quotedText(owner), idsText(all)));
    return id;
}

/// Of `other`, which no trigger writes any more.
bool mustStay(const Capture& other, const Remover& by)
{
    return other.waiting > 0
        && (other.owner != by.owner
            || std::ranges::any_of(by.tables, [&](const std::string& table) {
                   return sameTable(table, other.table);
               }));
}

/// The log serves others, too: only what is this table's goes.
void removeLines(const CaptureCatalog& catalog, CapturePlan& plan)
{
    Captures mine = catalog.captures;
    mine.insert(mine.end(), catalog.formerCaptures.begin(), catalog.formerCaptures.end());
    if (mine.empty())
        return;
    auto& sql = plan.statements;
    const std::string list = idsText(mine);
    if (catalog.log) // the last line's place is kept, so that no number is given twice
        sql.push_back(fmt::format(
            "UPDATE \"{0}\" SET capture = 0, op = 0{1} WHERE sequence = (SELECT max(sequence) "
            "FROM \"{0}\") AND capture IN ({2})",
            kLogTable, emptyRows(catalog.width), list));
    for (const char* name : {kLogTable, kReplacedTable})
        if (name == kLogTable ? catalog.log : catalog.replaced)
            sql.push_back(fmt::format("DELETE FROM \"{}\" WHERE capture IN ({})", name, list));
    sql.push_back(fmt::format("DELETE FROM \"{}\" WHERE id IN ({})", kCapturesTable, list));
}

} // namespace

std::string CapturePlan::script() const
{
    std::string text = "BEGIN IMMEDIATE;\n";
    for (const std::string& statement : statements)
        text += statement + ";\n";
    return text + "COMMIT;\n";
}

CapturePlan planInstall(const CaptureCatalog& catalog, const TableShapes& shapes,
                        const std::string& owner)
{
    const TableShape& shape = *shapes.table;
    CapturePlan plan{.table = shape.name, .warnings = shape.warnings, .waiting = catalog.waiting()};
    const CaptureState state = judgeCapture(catalog, shapes);
    if (state.kind == Kind::Ready && state.owner == owner)
        return plan;
    warnOfOwners(catalog, owner, plan);
    warnOfNames(catalog, plan);
    for (const CaptureCatalog::Trigger& trigger : catalog.triggers)
        plan.statements.push_back("DROP TRIGGER " + quotedName(trigger.name));
    const bool kept = addTables(catalog, shape.columns.size(), plan);
    const bool known = !catalog.captures.empty() || !catalog.formerCaptures.empty();
    const std::int64_t id = addCapture(catalog, kept, shape, owner, plan);
    if (kept && known)
        plan.statements.push_back(fmt::format("DELETE FROM \"{}\"", kReplacedTable));
    for (CaptureTrigger& trigger : captureTriggers(shape, id, shape.name))
        plan.statements.push_back(std::move(trigger.sql));
    return plan;
}

CapturePlan planRemoval(const CaptureCatalog& catalog, const Remover& by)
{
    CapturePlan plan{.table = catalog.table, .waiting = catalog.waiting()};
    for (const CaptureCatalog::Trigger& trigger : catalog.triggers)
        plan.statements.push_back("DROP TRIGGER " + quotedName(trigger.name));
    if (*plan.waiting > 0)
        plan.warnings.push_back(fmt::format("{} that nobody has read {} lost",
                                            changesText(*plan.waiting),
                                            *plan.waiting == 1 ? "is" : "are"));
    warnOfOwners(catalog, by.owner, plan);
    // Tables that are gone, and those whose triggers are, need the log only for what waits in it.
    std::vector<std::string> reasons;
    for (const Capture& other : catalog.others)
        if (mustStay(other, by))
            reasons.push_back(fmt::format("{} of {}, captured for \"{}\"",
                                          changesText(other.waiting), quotedName(other.table),
                                          other.owner));
    if (!catalog.othersTriggers.empty() || !reasons.empty()) {
        removeLines(catalog, plan);
        if (catalog.othersTriggers.empty())
            plan.warnings.push_back(
                fmt::format("the tables of the log stay, since {} wait in them: let a trigger read "
                            "them, or remove its capture",
                            fmt::join(reasons, " and ")));
        return plan;
    }
    for (const Capture& other : catalog.others)
        if (other.waiting > 0)
            plan.warnings.push_back(
                fmt::format("{} of {}, which no trigger of this workspace names, {} lost",
                            changesText(other.waiting), quotedName(other.table),
                            other.waiting == 1 ? "is" : "are"));
    if (catalog.log || catalog.replaced || catalog.captured)
        for (std::string& statement : dropCaptureTables())
            plan.statements.push_back(std::move(statement));
    return plan;
}

} // namespace coldframe::changes
