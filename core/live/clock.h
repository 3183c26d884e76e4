#pragma once

#include "model/time.h"

namespace coldframe::live {

/// Engine time: a wall-clock anchor plus CLOCK_BOOTTIME, which goes on during suspend and never
/// jumps when somebody sets the clock. Never backwards, also across restarts: it begins no earlier
/// than the last time the journal remembers.
class Clock {
public:
    explicit Clock(TimePoint notBefore = {});
    TimePoint now() const { return m_anchor + sinceBoot(); }

private:
    static Duration sinceBoot();
    TimePoint m_anchor; ///< what the wall clock showed when the machine booted, as far as we know
};

} // namespace coldframe::live
