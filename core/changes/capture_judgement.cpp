#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "changes/capture_catalog.h"
#include "changes/capture_sql.h"

// How the capture of a table stands, from what is installed and what the table is now.
namespace coldframe::changes {

namespace {

using Kind = CaptureState::Kind;
using Capture = CaptureCatalog::Capture;

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

/// SQLite before 3.25, or with legacy_alter_table, renames a table in the heads of its triggers
/// alone.
bool stillNames(const std::string& trigger, const std::string& table, const TableShape& shape)
{
    const auto begin = trigger.find(" BEGIN\n");
    return !sameTable(table, shape.name) && begin != std::string::npos
        && trigger.find(quotedName(table), begin) != std::string::npos
        && std::ranges::none_of(shape.columns,
                                [&](const CapturedColumn& column) { return column.name == table; });
}

/// Of the triggers that were made for `capture`, which must be on the table of that shape.
void judgeTriggers(const CaptureCatalog& catalog, const Capture& capture, const TableShape& shape,
                   CaptureState& state)
{
    const std::string now = columnsText(shape);
    const bool sameColumns = capture.columns == now;
    if (!sameColumns)
        worsen(state, Kind::Outdated,
               fmt::format("the table has changed: {}", columnsDifference(capture.columns, now)));
    std::int64_t first = INT64_MAX;
    for (const CaptureTrigger& expected : captureTriggers(shape, capture.id, capture.table)) {
        const auto found = std::ranges::find_if(catalog.triggers, [&](const auto& trigger) {
            return sameTable(trigger.name, expected.name);
        });
        if (found == catalog.triggers.end()) {
            worsen(state, Kind::Broken,
                   fmt::format("the trigger {} is missing: the table was dropped and created anew, "
                               "or somebody dropped the trigger",
                               quotedName(expected.name)));
            continue;
        }
        first = std::min(first, found->place);
        if (stillNames(found->sql, capture.table, shape))
            worsen(state, Kind::Broken,
                   fmt::format("the trigger {} still names {}, so writing to {} fails",
                               quotedName(expected.name), quotedName(capture.table),
                               quotedName(shape.name)));
        else if (found->sql != expected.sql && sameColumns)
            worsen(state, Kind::Outdated,
                   fmt::format("the trigger {} was changed, or the table's unique keys were",
                               quotedName(expected.name)));
    }
    if (sameTable(shape.name, catalog.table))
        for (const CaptureCatalog::Trigger& theirs : catalog.theirs)
            if (theirs.place > first)
                worsen(state, Kind::Outdated,
                       fmt::format("the table's own trigger {} is younger than Coldframe's and "
                                   "fires first: what it does to the table is told before what "
                                   "made it fire",
                                   quotedName(theirs.name)));
}

/// The table that was captured under this name has another one now.
void judgeRenamed(const CaptureCatalog& catalog, const TableShapes& shapes, CaptureState& state)
{
    const std::string to = quotedName(catalog.renamedTo), name = quotedName(catalog.table);
    if (!shapes.table && shapes.table.error().code == Error::Code::Missing)
        worsen(state, Kind::Renamed,
               fmt::format("the table was renamed to {0}. Its changes still come, under the old "
                           "name: write {0} into the trigger's \"table\", then install it for that "
                           "one; what waits in the log comes along",
                           to));
    else
        worsen(state, Kind::Broken,
               fmt::format("the table whose changes are captured was renamed to {0}; the {1} there "
                           "is now is another one, and is not captured",
                           to, name));
    if (shapes.renamed && !catalog.captures.empty())
        judgeTriggers(catalog, catalog.captures.back(), *shapes.renamed, state);
}

/// The table that has this name now was captured under another one.
void judgeTaken(const CaptureCatalog& catalog, const Result<TableShape>& shape, CaptureState& state)
{
    const Capture& former = catalog.formerCaptures.back();
    const std::string was = quotedName(former.table);
    worsen(state, Kind::Renamed,
           fmt::format("the table was {0} when its capture was installed, and its changes are kept "
                       "under that name: install it for {1}, and what waits in the log comes along",
                       was, quotedName(catalog.table)));
    if (shape)
        judgeTriggers(catalog, former, *shape, state);
}

} // namespace

CaptureState judgeCapture(const CaptureCatalog& catalog, const TableShapes& shapes)
{
    CaptureState state;
    const bool here = !catalog.captures.empty(), taken = !catalog.formerCaptures.empty();
    if (!here && catalog.triggers.empty()) {
        if (!catalog.takenOverBy.empty() && !shapes.table)
            worsen(state, Kind::Renamed,
                   fmt::format("the table was renamed to {0}, and is captured under that name: "
                               "write {0} into the trigger's \"table\"",
                               quotedName(catalog.takenOverBy)));
        return state;
    }
    if (here || taken)
        state.owner = here ? catalog.captures.back().owner : catalog.formerCaptures.back().owner;
    state.kind = Kind::Ready;
    judgeTables(catalog, state);
    if (!here && !taken) {
        worsen(state, Kind::Broken,
               shapes.table ? "what was captured is not known any more"
                            : shapes.table.error().message);
        return state;
    }
    if (!catalog.renamedTo.empty())
        judgeRenamed(catalog, shapes, state);
    if (taken)
        judgeTaken(catalog, shapes.table, state);
    if (!catalog.renamedTo.empty() || taken)
        return state;
    if (!shapes.table)
        worsen(state, Kind::Broken, shapes.table.error().message);
    else
        judgeTriggers(catalog, catalog.captures.back(), *shapes.table, state);
    return state;
}

} // namespace coldframe::changes
