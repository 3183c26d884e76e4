#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace coldframe::tables {

/// Nothing is NULL.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;
using Row = std::vector<Value>; ///< a value for each column

/// Where rows go.
struct Target {
    std::string table;
    std::vector<std::string> columns; ///< at least one
    std::vector<std::string> key; ///< of the columns; a row with a key that is there replaces it
    bool create = false; ///< database and table, when they are missing
};

} // namespace coldframe::tables
