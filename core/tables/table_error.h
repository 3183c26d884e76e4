#pragma once

#include <filesystem>
#include <string>

#include "model/error.h"
#include "tables/row.h"

namespace coldframe::tables {

/// Why rows are not in their table.
struct Failure {
    Error error;
    /// It lies in the rows themselves: they will not fit as long as the table is what it is.
    bool ofRows = false;
};

/// What SQLite refused, in words, with what to do. `code` is an extended result code; `inRow`: the
/// statement is as it should be, and failed with the values of a row.
Failure failureOf(int code, const std::string& message, const std::filesystem::path& file,
                  const Target& target, bool inRow = false);

} // namespace coldframe::tables
