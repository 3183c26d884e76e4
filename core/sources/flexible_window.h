#pragma once

#include <cstdint>
#include <string>

#include "model/time.h"

namespace coldframe::sources {

/// The time after a scheduled moment within which the platform fires, it does not say when.
/// Source: EventBridge Scheduler user guide, "Flexible time windows", read 2026-11. That moments
/// are spread evenly over the window is an assumption.
struct FlexibleWindow {
    Duration length{}; ///< zero: fires at the moment itself
    std::uint64_t seed = 0;
    std::string name; ///< of the trigger: two with one seed do not fire together

    /// When it fires for a scheduled moment: at it or later, before the window's end, in whole
    /// milliseconds. The same seed, name and moment give the same answer.
    TimePoint fires(TimePoint scheduled) const;
};

} // namespace coldframe::sources
