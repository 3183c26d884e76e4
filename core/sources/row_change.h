#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/time.h"

namespace coldframe::sources {

/// The database did not tell this value: an old row without all its columns, for one.
struct Untold {
    bool operator==(const Untold&) const = default;
};
struct Null {
    bool operator==(const Null&) const = default;
};
/// A number in decimal digits, of any length: "12.50".
struct Decimal {
    std::string digits;
    bool operator==(const Decimal&) const = default;
};
/// Bytes that are no text.
struct Blob {
    std::string bytes;
    bool operator==(const Blob&) const = default;
};
/// One value of a row, as exact as the database holds it. Text comes with the bytes it has, which
/// need not be UTF-8 in SQLite.
using RowValue = std::variant<Untold, Null, bool, std::int64_t, double, Decimal, std::string, Blob>;
using Row = std::vector<RowValue>;

struct RowColumn {
    std::string name;
    bool key = false; ///< of the primary key, or what stands for it
    bool operator==(const RowColumn&) const = default;
};
using RowColumns = std::vector<RowColumn>;

/// One row that was inserted, updated or deleted, in the order of commits.
struct RowChange {
    enum class Kind { Insert, Modify, Remove };
    Kind kind = Kind::Insert;
    std::int64_t sequence = 0; ///< rises with the order of commits; never given twice
    /// Place in its commit, where all changes of one commit share its number.
    std::optional<std::uint32_t> part{};
    std::string table;
    TimePoint since{}; ///< when its capture was installed; the epoch where that is not known
    TimePoint at{}; ///< of the statement, or of the commit where that is what the database tells
    std::shared_ptr<const RowColumns> columns; ///< of both rows, by index
    Row oldRow; ///< empty for Insert, or when the database does not tell it
    Row newRow; ///< empty for Remove

    /// The row that tells the key: the new one, if there is one.
    const Row& keyRow() const { return newRow.empty() ? oldRow : newRow; }
};

} // namespace coldframe::sources
