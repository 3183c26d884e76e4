#pragma once

#include <algorithm>

#include "model/time.h"

namespace coldframe::live {

/// Engine time: a wall-clock anchor plus CLOCK_BOOTTIME, which goes on during suspend and never
/// jumps when somebody sets the clock. Never backwards, also across restarts: it begins no earlier
/// than the last time the journal remembers.
///
/// It can be told to skip time in which nothing happens, and where to stand still.
class Clock {
public:
    explicit Clock(TimePoint notBefore = {});
    TimePoint now() const { return std::min(m_anchor + sinceBoot() + m_skipped, m_end); }

    /// Goes on from `from`, which may lie before what it shows: for its first moment only.
    void startAt(TimePoint from) { m_skipped += from - now(); }
    /// Shows `time` from now on, no further than its end. Nothing happens when that has passed.
    /// Returns how much was skipped.
    Duration skipTo(TimePoint time);
    /// It shows nothing after this; unless told, it goes on for ever.
    void endAt(TimePoint end) { m_end = end; }
    TimePoint end() const { return m_end; }
    /// What the clock on the wall, which a function's own process reads, will show at `time`.
    TimePoint onTheWall(TimePoint time) const { return time - m_skipped; }

private:
    static Duration sinceBoot();
    TimePoint m_anchor; ///< what the wall clock showed when the machine booted, as far as we know
    Duration m_skipped{};
    TimePoint m_end = TimePoint::max();
};

} // namespace coldframe::live
