#pragma once

#include <vector>

#include "traces/csv_header.h"

namespace coldframe::traces {

/// Walks over the rows of a CSV file, splitting each into its fields.
class CsvRows {
public:
    CsvRows(const CsvText& csv, const CsvHeader& header)
        : m_csv(csv), m_columns(header.columns()), m_at(header.rows()), m_starts(m_columns + 1)
    { }

    /// Moves to the next row that is not empty; false after the last. Errors: too few or too many
    /// columns.
    Result<bool> next();

    const char* at(std::size_t column) const { return m_starts[column]; }
    std::string_view field(std::size_t column) const
    {
        return {m_starts[column],
                static_cast<std::size_t>(m_starts[column + 1] - m_starts[column]) - 1};
    }

private:
    const CsvText& m_csv;
    std::size_t m_columns;
    const char* m_at;
    std::vector<const char*> m_starts; ///< and one past the end of the last field, plus 1
};

} // namespace coldframe::traces
