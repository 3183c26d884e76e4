#pragma once

#include "model/error.h"
#include "model/workspace.h"
#include "sources/flexible_window.h"
#include "sources/schedule.h"

namespace coldframe::session {

/// A trigger's schedule, within its bounds. The error's pointer names the key that is wrong, below
/// the trigger.
Result<sources::Schedule> readSchedule(const ScheduleTrigger& schedule);

/// The window of a schedule trigger of a workspace with this seed.
sources::FlexibleWindow windowOf(const ScheduleTrigger& schedule, std::uint64_t seed,
                                 const std::string& trigger);

} // namespace coldframe::session
