#pragma once

#include <map>
#include <string>
#include <vector>

#include "session/snapshot.h"

namespace coldframe::commands {

/// What a run does not get past, as lines for a person: which message or record of which trigger,
/// its last error, for how long, when it is tried again, and what to do.
class ObstacleTeller {
public:
    /// Those that it is time to tell: each after ten seconds in which it was in the way, then after
    /// half a minute more, one, two, and so on up to ten.
    std::vector<std::string> due(const session::Snapshot& snapshot);

    /// All that a run which ends now leaves behind.
    static std::vector<std::string> left(const session::Snapshot& snapshot);

private:
    struct Told {
        TimePoint next{};
        Duration pause{};
    };
    std::map<std::string, Told> m_told; ///< by trigger, while it has an obstacle
};

} // namespace coldframe::commands
