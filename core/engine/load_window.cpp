#include "engine/load_window.h"

#include <algorithm>
#include <cassert>

namespace coldframe::engine {

void LoadWindow::begin(TimePoint now, Duration step, Duration length)
{
    assert(step > Duration::zero() && length % step == Duration::zero());
    m_step = step;
    m_origin = m_until = now;
    m_done = 0;
    m_current = 0;
    m_steps.assign(static_cast<std::size_t>(std::max<Duration::rep>(length / step, 1)), 0);
}

void LoadWindow::settle(TimePoint now, std::uint32_t load)
{
    while (m_until < now) {
        const TimePoint end
            = m_origin + m_step * static_cast<Duration::rep>(m_done + 1); // of the step under way
        const TimePoint to = std::min(end, now);
        m_current += (to - m_until).count() * load;
        m_until = to;
        if (to != end)
            return;
        m_steps[m_done % m_steps.size()] = m_current;
        ++m_done;
        m_current = 0;
    }
}

LoadWindow::Average LoadWindow::over(Duration span) const
{
    const std::uint64_t most = std::min<std::uint64_t>(m_done, m_steps.size());
    const auto count = std::min(most, static_cast<std::uint64_t>(span / m_step));
    Average average{0,
                    std::max<std::uint64_t>(count, 1) * static_cast<std::uint64_t>(m_step.count())};
    for (std::uint64_t back = 1; back <= count; ++back)
        average.loadNs += static_cast<std::uint64_t>(m_steps[(m_done - back) % m_steps.size()]);
    return average;
}

} // namespace coldframe::engine
