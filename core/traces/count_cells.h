#pragma once

#include <cstddef>
#include <cstdint>

#include "traces/csv_text.h"
#include "traces/minute_counts.h"

namespace coldframe::traces {

struct InvocationsHeader;

/// Appends to a MinuteCounts without asking at every cell whether there is room.
class CellWriter {
public:
    explicit CellWriter(MinuteCounts& counts) : m_counts(counts) { }

    /// Makes room for a row of so many columns.
    void beginRow(std::size_t columns)
    {
        if (m_used + columns <= m_counts.minutes.size())
            return;
        const std::size_t size = m_counts.minutes.size() * 3 / 2 + columns;
        m_counts.minutes.resize(size);
        m_counts.counts.resize(size);
    }
    void add(std::size_t minute, std::uint32_t count)
    {
        m_counts.minutes[m_used] = static_cast<std::uint16_t>(minute);
        m_counts.counts[m_used] = count;
        ++m_used;
    }
    void endRow() { m_counts.first.push_back(m_used); }
    void finish()
    {
        m_counts.minutes.resize(m_used);
        m_counts.counts.resize(m_used);
    }

private:
    MinuteCounts& m_counts;
    std::size_t m_used = 0;
};

/// Reads the columns of minutes of one row; `at` moves to what ends the last of them.
Result<void> readCells(const CsvText& csv, const InvocationsHeader& header, const char*& at,
                       CellWriter& cells);

} // namespace coldframe::traces
