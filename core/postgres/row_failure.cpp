#include "postgres/row_failure.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "changes/table_shape.h"

namespace coldframe::postgres {

using changes::quotedName;
using tables::Failure;
using tables::Target;

namespace {

template <std::size_t count>
bool isOfClass(std::string_view state, const std::array<std::string_view, count>& classes)
{
    return std::ranges::find(classes, state.substr(0, 2)) != classes.end();
}

/// Values, constraints, what a view does not let in, sizes, and what a trigger raises.
bool lieInRows(std::string_view state)
{
    constexpr std::array<std::string_view, 5> kClasses = {"22", "23", "44", "54", "P0"};
    return isOfClass(state, kClasses) || state == "42804";
}

/// Connections, transactions (read-only, deadlocks), resources, locks, operators, disks, faults.
bool liesInServer(std::string_view state)
{
    constexpr std::array<std::string_view, 8> kClasses
        = {"08", "25", "40", "53", "55", "57", "58", "XX"};
    return state.empty() || (isOfClass(state, kClasses) && state != "55000");
}

std::string tableHint(std::string_view state, const Target& target)
{
    if (state == "42P01")
        return "create it, or add \"create\": true to the destination; results wait until then";
    if (state == "42703")
        return fmt::format("add it with ALTER TABLE {} ADD COLUMN …, or take it out of "
                           "\"columns\"; results wait until then",
                           quotedTable(target.table));
    if (state == "42P10")
        return fmt::format("the key of an upsert needs an index: CREATE UNIQUE INDEX ON {} ({}); "
                           "results wait until then",
                           quotedTable(target.table), listedColumns(target.key));
    if (state == "42501")
        return fmt::format("GRANT SELECT, INSERT, UPDATE ON {} to the role of the connection; "
                           "results wait until then",
                           quotedTable(target.table));
    return "correct the table, its triggers or the destination; results wait until then";
}

} // namespace

std::string quotedTable(const std::string& table)
{
    const std::size_t dot = table.find('.');
    return dot == std::string::npos
        ? quotedName(table)
        : quotedName(table.substr(0, dot)) + '.' + quotedName(table.substr(dot + 1));
}

std::string listedColumns(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + quotedName(name);
    return text;
}

// Source of the states: PostgreSQL 15 documentation, appendix A.
Failure rowFailure(Error said, std::string_view state, const Target& target)
{
    Failure failure{std::move(said)};
    Error& error = failure.error;
    if (lieInRows(state)) {
        failure.ofRows = true;
        error.code = Error::Code::Malformed;
        error.hint = state == "23505" && target.key.empty()
            ? "name the columns that tell rows apart as \"key\": a row that is there is updated"
            : "give the function's result the shape that the table wants, or change the table";
    } else if (!liesInServer(state)) {
        error.code = Error::Code::Conflict;
        error.hint = tableHint(state, target);
    } else if (state == "57014" || state == "55P03") {
        error.code = Error::Code::Unavailable;
        error.hint = "another transaction may keep it waiting: end that one; results wait until "
                     "then. More time gives statement_timeout in the connection's options";
    } else if (error.hint.empty()) {
        error.hint = "look into the log of the server; results wait until it works again";
    }
    return failure;
}

bool isOfServer(const Failure& failure)
{
    return !failure.ofRows && failure.error.code != Error::Code::Conflict;
}

} // namespace coldframe::postgres
