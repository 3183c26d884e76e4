#pragma once

#include "session/snapshot.h"

namespace coldframe::ui::charts_test {

/// A moment as in a busy minute: six functions, 17 instances of one of them, a burst 80 s ago.
std::shared_ptr<session::Snapshot> busyMoment(TimePoint now
                                              = TimePoint(std::chrono::hours(494'000)));
/// `lanes` instances with a span every 3 s or so.
std::vector<session::Lane> manyLanes(int lanes, TimePoint now, Duration work, Duration idle);

} // namespace coldframe::ui::charts_test
