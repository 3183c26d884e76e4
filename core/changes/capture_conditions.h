#pragma once

#include <string>

#include "changes/table_shape.h"

namespace coldframe::changes {

/// Lists and conditions about rows of one table, for the triggers that capture it. A row is named
/// by what stands before its columns: OLD, NEW, the table, or an alias of the table of kept rows,
/// whose columns are o1, o2, …
class ConditionWriter {
public:
    explicit ConditionWriter(const TableShape& shape) : m_shape(shape) { }

    std::string logColumns(char side) const; ///< ", o1, o2"
    std::string values(const std::string& row) const; ///< ", NEW."id", NEW."name""
    std::string keptValues(const std::string& row) const; ///< ", r.o1, r.o2"

    /// NEW cannot stand beside that row: some unique key is the same, by its own collation.
    std::string conflictOfTable() const;
    std::string conflictOf(const std::string& kept) const;
    std::string conflictOfKept() const; ///< within a statement on the table of kept rows

    // Keys are the same when their bytes are, whatever the collation: keys of events are bytes.
    std::string sameKey(const std::string& a, const std::string& b) const;
    std::string keptHasKeyOf(const std::string& kept, const std::string& row) const;
    std::string tableHasKeyOfKept(const std::string& table, const std::string& kept) const;
    std::string keyChanged() const; ///< from OLD to NEW
    std::string uniqueChanged() const; ///< any column of any unique key

private:
    std::string column(const std::string& row, std::size_t index) const;
    static std::string keptColumn(const std::string& row, std::size_t index);
    template <typename Column> std::string conflict(const Column& standing) const;

    const TableShape& m_shape;
};

} // namespace coldframe::changes
