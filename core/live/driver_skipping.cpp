#include <algorithm>

#include "live/driver.h"
#include "live/driver_timers.h"

// What a run needs that skips the time in which nothing happens.
namespace coldframe::live {

bool Driver::atRest() const
{
    if (m_draining || !m_arriving.empty() || !m_ending.empty())
        return false;
    for (FunctionId function = 0; function < m_engine.configuration().functions.size();
         ++function) {
        const engine::PoolCounts counts = m_engine.counts(function);
        if (counts.initialising + counts.busy + counts.inUse > 0)
            return false;
    }
    return std::ranges::all_of(
        m_places, [](const Place& place) { return !place.host || place.host->atRest(); });
}

Duration Driver::skipTo(TimePoint time)
{
    const Duration skipped = m_clock.skipTo(time);
    // It was set by the time that has been skipped, so it would fire too late.
    m_timers->deadline.cancel();
    m_timers->armedFor.reset();
    const auto due = m_engine.nextDeadline();
    if (due && *due < now())
        feed(engine::Tick{});
    else
        armTimer();
    return skipped;
}

} // namespace coldframe::live
