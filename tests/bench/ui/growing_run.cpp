#include "growing_run.h"

#include <algorithm>
#include <cmath>

namespace coldframe::bench {

namespace {

using namespace std::chrono_literals;
using session::Span;

constexpr TimePoint kStart{494'000h};
constexpr Duration kWork = 80ms, kIdle = 20ms;

std::shared_ptr<const Workspace> workspace()
{
    auto made = std::make_shared<Workspace>();
    for (const char* name : {"thumbnails", "csv-etl", "orders-audit"}) {
        Function function;
        function.name = name;
        function.timeoutMs = 900;
        made->functions.push_back(function);
    }
    return made;
}

} // namespace

GrowingRun::GrowingRun(std::uint32_t perSecond)
    : m_perSecond(perSecond), m_startedAt(kStart), m_now(kStart), m_firstBucketAt(kStart),
      m_workspace(workspace())
{
    for (std::uint32_t serial = 1; serial <= session::kMaxLanes; ++serial)
        m_lanes.push_back({.serial = serial});
}

std::shared_ptr<const session::Snapshot> GrowingRun::after(Duration time)
{
    m_now += time;
    const auto due = static_cast<std::uint64_t>(toSeconds(m_now - m_startedAt) * m_perSecond);
    const auto ended = static_cast<std::uint32_t>(due - m_attempts);
    while (m_attempts < due)
        m_log.append(nextRow());
    fillBucket(time, ended);
    moveLanes(time);

    auto made = std::make_shared<session::Snapshot>();
    made->now = m_now;
    made->startedAt = m_startedAt;
    made->workspace = m_workspace;
    made->functions.resize(m_workspace->functions.size());
    made->functions.front().pool = {.idle = 30, .busy = 170, .inUse = 170, .limit = 1000};
    made->buckets = m_buckets;
    made->firstBucketAt = m_firstBucketAt;
    made->lanes = m_lanes;
    made->lanesHidden = 12;
    made->attempts = m_log.view();
    made->totals.cost = Money::fromPicodollars(static_cast<std::int64_t>(m_attempts) * 400'000);
    made->p95Ms = 118.0;
    return made;
}

history::AttemptRow GrowingRun::nextRow()
{
    const std::uint64_t n = m_attempts++;
    history::AttemptRow row;
    row.function = static_cast<FunctionId>(n % 3);
    row.invocation = static_cast<std::uint32_t>(n + 1);
    row.instance = static_cast<std::uint32_t>(n % session::kMaxLanes + 1);
    row.start = n % 500 == 0 ? history::StartKind::Cold : history::StartKind::Warm;
    row.ending = n % 97 == 0 ? history::Ending::TimedOut : history::Ending::Succeeded;
    row.acceptedAt = row.startedAt = m_now - kWork;
    row.desk = kWork;
    row.platform = kWork * static_cast<std::int64_t>(1 + n % 7);
    row.memoryMb = 512;
    row.peakMemoryKb = static_cast<std::uint32_t>(100 + n % 400) * 1024U;
    row.costPicodollars = static_cast<std::int64_t>(300'000 + n % 9 * 1000);
    row.requestId = {static_cast<std::uint8_t>(n), static_cast<std::uint8_t>(n >> 8),
                     static_cast<std::uint8_t>(n >> 16)};
    return row;
}

void GrowingRun::fillBucket(Duration time, std::uint32_t ended)
{
    const auto end = [this] {
        return m_firstBucketAt
            + static_cast<std::int64_t>(m_buckets.size()) * session::kBucketLength;
    };
    while (end() < m_now) {
        session::Bucket next = m_buckets.empty() ? session::Bucket{} : m_buckets.back();
        next.arrived = next.ended = next.throttled = 0;
        m_buckets.push_back(next);
    }
    if (m_buckets.size() > static_cast<std::size_t>(session::kBuckets)) {
        m_buckets.erase(m_buckets.begin());
        m_firstBucketAt += session::kBucketLength;
    }
    session::Bucket& bucket = m_buckets.back();
    const double wave = std::sin(toSeconds(m_now - m_startedAt) * 0.9);
    bucket.busy = static_cast<float>(160.0 + 12.0 * wave);
    bucket.idle = 30;
    bucket.initialising = 2;
    bucket.limit = 1000;
    bucket.arrived += ended;
    bucket.ended += ended;
    bucket.p50Ms = static_cast<float>(48.0 + 4.0 * wave);
    bucket.p95Ms = static_cast<float>(110.0 + 20.0 * wave);
    bucket.p99Ms = static_cast<float>(170.0 + 40.0 * wave);
    bucket.requestsUsd += 2e-7 * ended;
    bucket.computeUsd += 4e-7 * ended;
    bucket.provisionedUsd += 1e-5 * toSeconds(time);
}

/// Every instance works and idles by turns, each a little shifted.
void GrowingRun::moveLanes(Duration time)
{
    const TimePoint first = m_now - session::kBucketLength * session::kBuckets;
    for (session::Lane& lane : m_lanes) {
        TimePoint at
            = lane.spans.empty() ? m_now - time + lane.serial * 100us : lane.spans.back().to;
        while (at + kWork + kIdle <= m_now) {
            lane.spans.push_back({lane.serial % 31 == 0 ? Span::Kind::Error : Span::Kind::Work, at,
                                  at + kWork, lane.serial});
            lane.spans.push_back({Span::Kind::Idle, at + kWork, at + kWork + kIdle, 0});
            at += kWork + kIdle;
        }
        const auto kept = std::ranges::lower_bound(lane.spans, first, {},
                                                   [](const Span& span) { return span.to; });
        lane.spans.erase(lane.spans.begin(), kept);
    }
}

} // namespace coldframe::bench
