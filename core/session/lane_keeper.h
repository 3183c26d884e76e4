#pragma once

#include <deque>
#include <map>
#include <span>
#include <vector>

#include "engine/action.h"
#include "engine/input.h"
#include "session/snapshot.h"

namespace coldframe::session {

/// Keeps the last two minutes of every instance's life, bounded: idle gaps too short to see are
/// closed, and the oldest lanes go first.
class LaneKeeper {
public:
    void input(TimePoint now, const engine::Input& input);
    void action(TimePoint now, const engine::Action& action);
    /// The newest lanes of the window that ends at `now`; says how many were left out.
    std::vector<Lane> lanes(TimePoint now, std::uint32_t& hidden);

private:
    struct Track {
        Lane lane;
        std::deque<Span> spans; ///< the last one has no end yet unless retired
    };
    void begin(std::uint32_t serial, Span::Kind kind, TimePoint now, std::uint32_t invocation = 0);
    void forget(TimePoint now);
    std::map<std::uint32_t, Track> m_tracks; ///< by serial
};

} // namespace coldframe::session
