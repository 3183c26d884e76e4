#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tables/row.h"

// The statements that write a table.
namespace coldframe::tables {

/// A name in double quotes, those in it doubled.
std::string quotedName(std::string_view name);

/// CREATE TABLE IF NOT EXISTS. A column gets the type of the first value that is not NULL, of its
/// own and without one none.
std::string createStatement(const Target& target, std::span<const Row> rows);

/// INSERT with a parameter for each column, in order; with a key an upsert.
std::string insertStatement(const Target& target);

} // namespace coldframe::tables
