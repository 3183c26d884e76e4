#include "ui/charts/lane_layout.h"

#include <algorithm>
#include <map>

#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

using session::Span;

constexpr Duration kShown = session::kBucketLength * session::kBuckets;

int importance(Span::Kind kind)
{
    switch (kind) {
    case Span::Kind::Error:
        return 4;
    case Span::Kind::Starting:
    case Span::Kind::DeskWait:
        return 3;
    case Span::Kind::Initialising:
        return 2;
    case Span::Kind::Work:
    case Span::Kind::Debugged:
        return 1;
    case Span::Kind::Idle:
        break;
    }
    return 0;
}

QString functionName(const session::Snapshot& snapshot, FunctionId id)
{
    if (!snapshot.workspace || id >= snapshot.workspace->functions.size())
        return {};
    return text(snapshot.workspace->functions[id].name);
}

} // namespace

std::vector<LaneRow> laneRows(const session::Snapshot& snapshot)
{
    std::map<FunctionId, std::vector<const session::Lane*>> byFunction;
    for (const session::Lane& lane : snapshot.lanes)
        byFunction[lane.function].push_back(&lane);
    std::vector<LaneRow> rows;
    rows.reserve(snapshot.lanes.size() + byFunction.size());
    for (const auto& [function, lanes] : byFunction) {
        if (byFunction.size() > 1)
            rows.push_back({nullptr, functionName(snapshot, function)});
        for (const session::Lane* lane : lanes)
            rows.push_back({lane, {}});
    }
    return rows;
}

LaneSummary laneSummary(const session::Snapshot& snapshot)
{
    LaneSummary summary;
    bool several = false;
    for (const session::Lane& lane : snapshot.lanes) {
        ++(lane.retiredAt ? summary.retired : summary.alive);
        several = several || lane.function != snapshot.lanes.front().function;
    }
    summary.alive += snapshot.lanesHidden;
    if (!snapshot.lanes.empty() && !several)
        summary.onlyFunction = functionName(snapshot, snapshot.lanes.front().function);
    return summary;
}

QString laneLabel(std::uint32_t serial)
{
    return QStringLiteral("i-%1").arg(serial, 2, 10, QLatin1Char('0'));
}

int LaneScale::x(TimePoint at) const
{
    // In whole numbers: a span that begins where another ends must not overlap it by rounding.
    const Duration into = std::clamp(kShown - (now - at), Duration::zero(), kShown);
    return static_cast<int>(into.count() * width / kShown.count());
}

TimePoint LaneScale::at(int x) const
{
    const std::int64_t wide = std::max(1, width);
    return now - kShown + Duration((kShown.count() * x + wide - 1) / wide); // the first that is x
}

void layOutLane(std::span<const Span> spans, const LaneScale& scale, std::vector<LaneBlock>& blocks)
{
    const TimePoint first = scale.now - kShown;
    const std::size_t begin = blocks.size();
    for (const Span& span : spans) {
        if (span.to < first)
            continue;
        LaneBlock block{span.kind, scale.x(span.from), 0};
        block.right = std::max(block.left + 1, scale.x(span.to));
        if (blocks.size() > begin && block.left < blocks.back().right) { // they share a pixel
            LaneBlock& before = blocks.back();
            if (importance(block.kind) <= importance(before.kind))
                block.left = before.right;
            else
                before.right = block.left;
            if (before.right <= before.left)
                blocks.pop_back();
        }
        if (block.right <= block.left || block.left >= scale.width)
            continue;
        // Too thin to be told apart: drawn at once.
        if (blocks.size() > begin && blocks.back().kind == block.kind
            && blocks.back().right == block.left && block.right - block.left == 1)
            blocks.back().right = block.right;
        else
            blocks.push_back(block);
    }
}

const Span* spanAt(std::span<const Span> spans, const LaneScale& scale, int x)
{
    const TimePoint from = scale.at(x);
    const TimePoint to = scale.at(x + 1);
    const Span* best = nullptr;
    auto at = std::ranges::lower_bound(spans, from, {}, &Span::to);
    for (; at != spans.end() && at->from < to; ++at)
        if (!best || importance(at->kind) > importance(best->kind))
            best = &*at;
    return best;
}

} // namespace coldframe::ui
