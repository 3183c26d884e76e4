#pragma once

#include <string>
#include <vector>

#include "model/error.h"
#include "model/time.h"

namespace coldframe::session {

struct SchedulePreview {
    std::string words; ///< "at 02:00 every day, Europe/Paris"
    std::vector<TimePoint> next; ///< fewer than asked for when it ends before
};

/// When a schedule trigger started at `now` would fire. The error's pointer is "/expression" or
/// "/timezone", whichever is wrong.
Result<SchedulePreview> previewSchedule(const std::string& expression, const std::string& timezone,
                                        TimePoint now, std::size_t count);

} // namespace coldframe::session
