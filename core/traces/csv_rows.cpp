#include "traces/csv_rows.h"

namespace coldframe::traces {

Result<bool> CsvRows::next()
{
    const char* const end = m_csv.text.data() + m_csv.text.size();
    while (m_at != end && atLineEnd(m_at, end))
        m_at = nextLine(m_csv, m_at);
    if (m_at == end)
        return false;
    std::size_t column = 0;
    m_starts[0] = m_at;
    for (; !atLineEnd(m_at, end); ++m_at)
        if (*m_at == ',') {
            if (++column == m_columns)
                return tl::unexpected(tooManyColumns(m_csv, m_at, m_columns));
            m_starts[column] = m_at + 1;
        }
    if (column + 1 != m_columns)
        return tl::unexpected(tooFewColumns(m_csv, m_at, column + 1, m_columns));
    m_starts[m_columns] = m_at + 1;
    m_at = nextLine(m_csv, m_at);
    return true;
}

} // namespace coldframe::traces
