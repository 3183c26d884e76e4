#pragma once

#include <string>
#include <vector>

#include "model/error.h"
#include "model/time.h"
#include "model/workspace.h"

namespace coldframe::session {

struct SchedulePreview {
    std::string words; ///< "at 02:00 every day, Europe/Paris, within 15 minutes"
    std::vector<TimePoint> next; ///< fewer than asked for when it ends before
};

/// When a schedule trigger started at `now` would fire, with all its settings; its name and the
/// workspace's seed say where in its flexible window. The error's pointer names the key that is
/// wrong: "/expression", "/timezone", "/startsAt" or "/endsAt".
Result<SchedulePreview> previewSchedule(const ScheduleTrigger& schedule, const std::string& trigger,
                                        std::uint64_t seed, TimePoint now, std::size_t count);
/// The same of its expression and time zone alone.
Result<SchedulePreview> previewSchedule(const std::string& expression, const std::string& timezone,
                                        TimePoint now, std::size_t count);

} // namespace coldframe::session
