#include "check/pattern_size.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace coldframe::check::detail {

namespace {

constexpr std::size_t kTooMany = SIZE_MAX;
constexpr std::size_t kCeiling = 1'000'000; ///< past it, sums need no longer be exact

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Reads a pattern once, keeping the size of each open group and of its last atom.
class Estimate {
public:
    explicit Estimate(std::string_view pattern) : m_pattern(pattern) { }

    std::size_t total()
    {
        m_groups.push_back({});
        while (m_at < m_pattern.size()) {
            step();
            if (m_groups.back().done > kCeiling)
                return kTooMany;
        }
        std::size_t sum = 0;
        for (const Group& group : m_groups)
            sum += group.done + group.atom;
        return std::min(sum, kTooMany);
    }

private:
    struct Group {
        std::size_t done = 0, atom = 0;
    };

    void atom(std::size_t size)
    {
        m_groups.back().done += m_groups.back().atom;
        m_groups.back().atom = size;
    }

    void step()
    {
        const char c = m_pattern[m_at++];
        if (c == '\\') {
            ++m_at;
            atom(1);
        } else if (c == '[') {
            skipClass();
            atom(1);
        } else if (c == '(') {
            m_groups.push_back({});
        } else if (c == ')' && m_groups.size() > 1) {
            const std::size_t size = m_groups.back().done + m_groups.back().atom + 2;
            m_groups.pop_back();
            atom(size);
        } else if (c == '{' && m_at < m_pattern.size() && isDigit(m_pattern[m_at])) {
            m_groups.back().atom *= repeats();
        } else {
            atom(1);
        }
    }

    void skipClass()
    {
        while (m_at < m_pattern.size() && m_pattern[m_at] != ']')
            m_at += m_pattern[m_at] == '\\' ? 2 : 1;
        ++m_at;
    }

    /// The larger number of "3}", "3,}" or "3,5}".
    std::size_t repeats()
    {
        std::size_t most = 1, number = 0;
        for (; m_at < m_pattern.size() && m_pattern[m_at] != '}'; ++m_at) {
            const char c = m_pattern[m_at];
            number = isDigit(c)
                ? std::min(number * 10 + static_cast<std::size_t>(c - '0'), kCeiling)
                : 0;
            most = std::max(most, number);
        }
        ++m_at;
        return most;
    }

    std::string_view m_pattern;
    std::size_t m_at = 0;
    std::vector<Group> m_groups;
};

} // namespace

std::size_t patternSize(std::string_view pattern)
{
    return Estimate(pattern).total();
}

} // namespace coldframe::check::detail
