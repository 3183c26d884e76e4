#pragma once

#include <vector>

#include "model/error.h"
#include "session/outgoing.h"
#include "tables/row.h"

namespace coldframe::session {

/// The rows that a result is in a table. Whole numbers, fractions and texts as they are, true and
/// false as 1 and 0, lists and objects as JSON, what is missing as NULL.
/// Errors: a row has no value for a column of the key.
Result<std::vector<tables::Row>> rowsOf(const Outgoing& outgoing,
                                        const TableDestination& destination);

} // namespace coldframe::session
