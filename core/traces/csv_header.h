#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "traces/csv_text.h"

namespace coldframe::traces {

/// The first line of a CSV file. Published samples of one trace differ in the order of their
/// columns, so every reader asks by name.
class CsvHeader {
public:
    /// Errors: an empty file, no rows below the header, a name used twice.
    static Result<CsvHeader> read(const CsvText& csv);

    std::size_t columns() const { return m_names.size(); }
    std::string_view name(std::size_t column) const { return m_names[column]; }
    std::optional<std::size_t> find(std::string_view name) const;
    /// Where the rows begin.
    const char* rows() const { return m_rows; }

    /// All of `required` are there, and no other name looks like a slip of a missing one of either
    /// list. Errors: Missing, with the column that was probably meant.
    Result<void> check(const CsvText& csv, std::span<const std::string_view> required,
                       std::span<const std::string_view> optional) const;

private:
    std::vector<std::string_view> m_names;
    const char* m_rows = nullptr;
};

/// For a line that ends early: cut off when it is the last one.
Error tooFewColumns(const CsvText& csv, const char* at, std::size_t found, std::size_t expected);
/// For a line that goes on after its last column.
Error tooManyColumns(const CsvText& csv, const char* at, std::size_t expected);

} // namespace coldframe::traces
