#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sources/row_change.h"

namespace coldframe::session {

/// How far a trigger has come in the changes of a table: kept in the journal as four numbers.
struct TablePosition {
    /// The source is read after this. It may be before what is done, as the position of a server
    /// moves by whole transactions only.
    std::int64_t after = 0;
    // The last change that is done: those up to it are left out when they come again.
    std::int64_t sequence = 0;
    std::int64_t part = 0;
    /// How often the database was found put back from a copy, with lower numbers than before: what
    /// is said of an earlier one does not hold for this one.
    std::int64_t rewinds = 0;

    bool covers(const sources::RowChange& change) const
    {
        return change.sequence < sequence
            || (change.sequence == sequence && change.part.value_or(0) <= part);
    }
    bool operator==(const TablePosition&) const = default;
};

std::string textOf(const TablePosition& position);
/// Nothing when it is none.
std::optional<TablePosition> parseTablePosition(std::string_view text);

} // namespace coldframe::session
