#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace coldframe::sources {

/// Finds the ends of records in text that grows: lines, or CSV records, whose quoted fields may
/// hold line ends (RFC 4180). It looks at each byte once, however often more of a record comes.
class LineSplitter {
public:
    explicit LineSplitter(bool csv) : m_csv(csv) { }

    /// Length of the first record of `text`, its line end included; none while that has not come.
    /// `text` begins where the last record ended, with at least what was shown before.
    std::optional<std::size_t> next(std::string_view text)
    {
        for (; m_seen < text.size(); ++m_seen) {
            const char c = text[m_seen];
            if (m_csv && c == '"')
                m_quoted = !m_quoted; // "" within quotes: out and in again
            else if (c == '\n' && !m_quoted) {
                const std::size_t length = m_seen + 1;
                restart();
                return length;
            }
        }
        return std::nullopt;
    }
    /// What comes next is the beginning of a record.
    void restart()
    {
        m_seen = 0;
        m_quoted = false;
    }
    /// `bytes` of the record's beginning are no longer shown.
    void dropped(std::size_t bytes) { m_seen -= bytes < m_seen ? bytes : m_seen; }

private:
    bool m_csv;
    bool m_quoted = false;
    std::size_t m_seen = 0;
};

/// A record without its line end, \n or \r\n.
constexpr std::string_view withoutLineEnd(std::string_view record)
{
    if (record.ends_with('\n'))
        record.remove_suffix(1);
    if (record.ends_with('\r'))
        record.remove_suffix(1);
    return record;
}

} // namespace coldframe::sources
