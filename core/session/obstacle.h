#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/time.h"

namespace coldframe::session {

/// Work of a trigger that has failed and comes again: what keeps a run from getting idle.
struct Obstacle {
    std::string what; ///< "message 5b1f… of parts", "records 3 to 4"
    std::string problem; ///< why it is not done yet: "ValueError: no weight"
    std::uint32_t attempts = 0; ///< that ran; of messages: times it was received
    TimePoint since{}; ///< it failed first, in this run
    std::optional<TimePoint> next; ///< when it is tried again; none: it is being tried
    std::uint64_t others = 0; ///< that have failed, too
    std::string hint; ///< what to do, or what ends it
};

} // namespace coldframe::session
