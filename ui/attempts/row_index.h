#pragma once

#include <cstdint>
#include <vector>

namespace coldframe::ui {

/// The log's rows that match, newest first. Grows at both ends: by what has just happened, and by
/// what a search going backwards finds. Rows are numbered as the log numbers them.
class RowIndex {
public:
    std::size_t size() const { return m_newer.size() + m_older.size(); }
    std::uint32_t at(std::size_t index) const
    {
        return index < m_newer.size() ? m_newer[m_newer.size() - 1 - index]
                                      : m_older[index - m_newer.size()];
    }
    void clear()
    {
        m_newer.clear();
        m_older.clear();
    }
    /// Rising, all newer than what is there.
    void addNewer(const std::vector<std::uint32_t>& rows)
    {
        m_newer.insert(m_newer.end(), rows.begin(), rows.end());
    }
    /// Falling, all older than what is there.
    void addOlder(const std::vector<std::uint32_t>& rows)
    {
        m_older.insert(m_older.end(), rows.begin(), rows.end());
    }
    /// How many at the end are older than `first`.
    std::size_t countBefore(std::uint64_t first) const;
    void dropOldest(std::size_t count);

private:
    std::vector<std::uint32_t> m_newer; ///< rising
    std::vector<std::uint32_t> m_older; ///< falling
};

} // namespace coldframe::ui
