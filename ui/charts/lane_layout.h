#pragma once

#include <QString>

#include <span>
#include <vector>

#include "session/snapshot.h"

// Which row of the lanes shows what, and which pixels a lane's spans fill. No painting.
namespace coldframe::ui {

/// A row is a function's name, above its instances when there are several functions, or a lane.
struct LaneRow {
    const session::Lane* lane = nullptr; ///< null: the row is `heading`
    QString heading;
};

struct LaneSummary {
    std::uint64_t alive = 0, retired = 0;
    QString onlyFunction; ///< empty when there are several, or none
};

/// Rows in the order of functions, then of birth, so that the newest instance is at the bottom.
/// They point into the snapshot.
std::vector<LaneRow> laneRows(const session::Snapshot& snapshot);
LaneSummary laneSummary(const session::Snapshot& snapshot);

/// "i-07"
QString laneLabel(std::uint32_t serial);

/// Pixels [left, right) in which a lane does one thing. Spans too short for a pixel share one; the
/// most telling of them wins: error, then waits and initialising, then work, then idle.
struct LaneBlock {
    session::Span::Kind kind = session::Span::Kind::Idle;
    int left = 0, right = 0;
    bool operator==(const LaneBlock&) const = default;
};
struct LaneScale {
    TimePoint now;
    int width = 0; ///< pixels for the last 120 s

    int x(TimePoint at) const;
    TimePoint at(int x) const;
};
/// Appends to `blocks`, rising.
void layOutLane(std::span<const session::Span> spans, const LaneScale& scale,
                std::vector<LaneBlock>& blocks);

/// The span under a pixel, by the same order of importance; null when there is none.
const session::Span* spanAt(std::span<const session::Span> spans, const LaneScale& scale, int x);

} // namespace coldframe::ui
