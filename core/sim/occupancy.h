#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "cost/wide.h"
#include "sim/figures.h"

namespace coldframe::sim {

/// A count that goes up and down: for how long it had each value within a window, and its integral
/// over each step of the window's series.
class Occupancy {
public:
    explicit Occupancy(const Window& window)
        : m_window(window), m_since(window.from), m_stepEnd(window.from + window.step),
          m_integrals(window.steps())
    { }

    /// Times never go backwards.
    void change(std::int64_t at, std::int64_t by)
    {
        pass(at);
        m_count += by;
        if (at <= m_window.to)
            m_peak = std::max(m_peak, m_count);
    }
    void close() { pass(m_window.to); }

    std::int64_t count() const { return m_count; }
    std::int64_t peak() const { return m_peak; } ///< until the end, the warm-up included
    /// ns at each value, from 0.
    const std::vector<std::int64_t>& held() const { return m_held; }
    const std::vector<std::int64_t>& integrals() const { return m_integrals; }
    cost::Wide integral() const
    {
        cost::Wide sum = 0;
        for (std::size_t value = 1; value < m_held.size(); ++value)
            sum += static_cast<cost::Wide>(m_held[value]) * value;
        return sum;
    }

private:
    void pass(std::int64_t to)
    {
        const std::int64_t at = std::min(to, m_window.to);
        if (at <= m_since)
            return;
        const auto value = static_cast<std::size_t>(m_count);
        if (value >= m_held.size()) [[unlikely]]
            m_held.resize(value + value / 2 + 8);
        m_held[value] += at - m_since;
        if (!m_integrals.empty())
            passSteps(at);
        m_since = at;
    }
    void passSteps(std::int64_t at)
    {
        std::int64_t from = m_since;
        while (at > m_stepEnd) {
            m_integrals[m_step] += m_count * (m_stepEnd - from);
            from = m_stepEnd;
            m_stepEnd += m_window.step;
            ++m_step;
        }
        m_integrals[m_step] += m_count * (at - from);
    }

    Window m_window;
    std::int64_t m_since, m_count = 0, m_peak = 0;
    std::int64_t m_stepEnd;
    std::size_t m_step = 0;
    std::vector<std::int64_t> m_held, m_integrals;
};

} // namespace coldframe::sim
