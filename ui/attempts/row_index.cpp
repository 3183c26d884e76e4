#include "ui/attempts/row_index.h"

#include <algorithm>
#include <functional>

namespace coldframe::ui {

std::size_t RowIndex::countBefore(std::uint64_t first) const
{
    const auto isOld = [first](std::uint32_t row) { return row < first; };
    const auto older = std::partition_point(m_older.begin(), m_older.end(), std::not_fn(isOld));
    const auto newer = std::partition_point(m_newer.begin(), m_newer.end(), isOld);
    return static_cast<std::size_t>((m_older.end() - older) + (newer - m_newer.begin()));
}

void RowIndex::dropOldest(std::size_t count)
{
    const std::size_t fromOlder = std::min(count, m_older.size());
    m_older.resize(m_older.size() - fromOlder);
    m_newer.erase(m_newer.begin(),
                  m_newer.begin() + static_cast<std::ptrdiff_t>(count - fromOlder));
}

} // namespace coldframe::ui
