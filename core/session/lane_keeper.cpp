#include "session/lane_keeper.h"

#include <variant>

namespace coldframe::session {

namespace {
constexpr Duration kWindow = kBucketLength * kBuckets;
constexpr Duration kInvisible = std::chrono::milliseconds(150); ///< about half a pixel
constexpr std::size_t kMaxTracks = 1'000;
constexpr TimePoint kOpen = TimePoint::max();
} // namespace

void LaneKeeper::begin(std::uint32_t serial, Span::Kind kind, TimePoint now,
                       std::uint32_t invocation)
{
    const auto it = m_tracks.find(serial);
    if (it == m_tracks.end())
        return;
    std::deque<Span>& spans = it->second.spans;
    if (!spans.empty()) {
        Span& last = spans.back();
        // Work after a gap nobody could see goes on with the work before it.
        if (kind == Span::Kind::Work && last.kind == Span::Kind::Idle && spans.size() > 1
            && now - last.from < kInvisible && spans[spans.size() - 2].kind == Span::Kind::Work) {
            spans.pop_back();
            spans.back().to = kOpen;
            spans.back().invocation = invocation;
            return;
        }
        if (last.kind == Span::Kind::Idle && last.from == now)
            spans.pop_back(); // ready, and at work in the same step
        else
            last.to = now;
    }
    spans.push_back({kind, now, kOpen, invocation});
}

void LaneKeeper::input(TimePoint now, const engine::Input& input)
{
    if (const auto* it = std::get_if<engine::InitStarted>(&input)) {
        begin(it->instance.serial, Span::Kind::Initialising, now);
    } else if (const auto* waits = std::get_if<engine::DeskWaitBegan>(&input)) {
        begin(waits->instance.serial, Span::Kind::DeskWait, now);
    } else if (const auto* ready = std::get_if<engine::Ready>(&input)) {
        begin(ready->instance.serial, Span::Kind::Idle, now);
    } else if (const auto* paused = std::get_if<engine::DebugPaused>(&input)) {
        const auto track = m_tracks.find(paused->instance.serial);
        if (track != m_tracks.end() && !track->second.spans.empty())
            begin(paused->instance.serial, Span::Kind::Debugged, now,
                  track->second.spans.back().invocation);
    }
}

void LaneKeeper::action(TimePoint now, const engine::Action& action)
{
    if (const auto* start = std::get_if<engine::Start>(&action)) {
        Track& track = m_tracks[start->instance.serial];
        track.lane.serial = start->instance.serial;
        track.lane.function = start->function;
        (start->reinit ? track.lane.initAgain : track.lane.started) = start->reason;
        begin(start->instance.serial, Span::Kind::Starting, now);
        if (m_tracks.size() > kMaxTracks)
            m_tracks.erase(m_tracks.begin());
    } else if (const auto* dispatch = std::get_if<engine::Dispatch>(&action)) {
        begin(dispatch->instance.serial, Span::Kind::Work, now, dispatch->invocation.serial);
    } else if (const auto* meter = std::get_if<engine::Meter>(&action)) {
        const auto it = m_tracks.find(meter->instance.serial);
        if (it != m_tracks.end() && !it->second.spans.empty()
            && meter->outcome != engine::Outcome::Succeeded)
            it->second.spans.back().kind = Span::Kind::Error;
        begin(meter->instance.serial, Span::Kind::Idle, now);
    } else if (const auto* stop = std::get_if<engine::Stop>(&action)) {
        const auto it = m_tracks.find(stop->instance.serial);
        if (it == m_tracks.end())
            return;
        it->second.lane.retiredAt = now;
        it->second.lane.stopped = stop->reason;
        if (!it->second.spans.empty())
            it->second.spans.back().to = now;
    }
}

void LaneKeeper::forget(TimePoint now)
{
    const TimePoint edge = now - kWindow;
    for (auto it = m_tracks.begin(); it != m_tracks.end();) {
        Track& track = it->second;
        while (track.spans.size() > 1 && track.spans.front().to < edge)
            track.spans.pop_front();
        if (track.lane.retiredAt && *track.lane.retiredAt < edge)
            it = m_tracks.erase(it);
        else
            ++it;
    }
}

std::vector<Lane> LaneKeeper::lanes(TimePoint now, std::uint32_t& hidden)
{
    forget(now);
    const std::size_t skip = m_tracks.size() > kMaxLanes ? m_tracks.size() - kMaxLanes : 0;
    hidden = static_cast<std::uint32_t>(skip);
    std::vector<Lane> lanes;
    lanes.reserve(m_tracks.size() - skip);
    std::size_t index = 0;
    for (const auto& [serial, track] : m_tracks) {
        if (index++ < skip)
            continue;
        Lane lane = track.lane;
        lane.spans.assign(track.spans.begin(), track.spans.end());
        for (Span& span : lane.spans)
            if (span.to == kOpen)
                span.to = now;
        lanes.push_back(std::move(lane));
    }
    return lanes;
}

} // namespace coldframe::session
