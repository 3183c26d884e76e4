#pragma once

#include <optional>
#include <span>
#include <vector>

#include "tables/row.h"
#include "tables/table_error.h"

namespace coldframe::tables {

/// What one result writes.
struct Write {
    Target target;
    std::vector<Row> rows;
};

/// Writes rows into a database that others use as well. For one thread at a time; may block.
class RowWriter {
public:
    virtual ~RowWriter() = default;

    /// All in one transaction; each of them wholly or not at all. Says of each why it is not
    /// written; the others are, durably, as the database's own settings have it.
    virtual std::vector<std::optional<Failure>> write(std::span<const Write> writes) = 0;
};

} // namespace coldframe::tables
