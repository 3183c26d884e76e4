#pragma once

#include <cstddef>
#include <cstdint>

#include "traces/csv_text.h"
#include "traces/minute_counts.h"

namespace coldframe::traces {

struct InvocationsHeader;

/// Gathers the cells of one row where they stay in the cache, then appends them to a MinuteCounts.
/// How much there will be is estimated from what came so far: growing step by step would cost
/// several times what reading does.
class CellWriter {
public:
    explicit CellWriter(MinuteCounts& counts) : m_counts(counts) { }

    /// Makes room for a row of so many columns.
    void beginRow(std::size_t columns)
    {
        m_minutes.resize(columns);
        m_row.resize(columns);
        m_used = 0;
    }
    void add(std::size_t minute, std::uint32_t count)
    {
        m_minutes[m_used] = static_cast<std::uint16_t>(minute);
        m_row[m_used] = count;
        ++m_used;
    }
    /// `share` of all that will be added has been, 0 < share <= 1.
    void endRow(double share);

private:
    MinuteCounts& m_counts;
    std::vector<std::uint16_t> m_minutes;
    std::vector<std::uint32_t> m_row;
    std::size_t m_used = 0;
};

/// Reads the columns of minutes of one row; `at` moves to what ends the last of them.
Result<void> readCells(const CsvText& csv, const InvocationsHeader& header, const char*& at,
                       CellWriter& cells);

} // namespace coldframe::traces
