#include "ui/charts/series_points.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace coldframe::ui {

namespace {

using session::Bucket;
using session::Snapshot;

constexpr double kSecondsPerMonth = 30.0 * 24.0 * 3600.0; // as clouds' own calculators: 30 days

TimePoint bucketStart(const Snapshot& snapshot, std::size_t index)
{
    return snapshot.firstBucketAt + static_cast<std::int64_t>(index) * session::kBucketLength;
}

/// Qt draws nonsense from what is not finite, and a pool has no negative size.
double sane(double value)
{
    return std::isfinite(value) && value > 0.0 ? value : 0.0;
}

template <typename Parts>
StackPoints stack(const Snapshot& snapshot, std::size_t layers, Parts parts)
{
    StackPoints made;
    made.edges.resize(layers);
    for (auto& edge : made.edges)
        edge.reserve(static_cast<qsizetype>(snapshot.buckets.size()));
    for (std::size_t i = 0; i < snapshot.buckets.size(); ++i) {
        const double x = bucketX(snapshot, i);
        const auto values = parts(snapshot.buckets[i]);
        double sum = 0.0;
        for (std::size_t layer = 0; layer < layers; ++layer) {
            sum += sane(values[layer]);
            made.edges[layer].append({x, sum});
        }
        made.highest = std::max(made.highest, sum);
    }
    return made;
}

/// `value(i)` is not finite where there is nothing to draw.
template <typename Value>
PointRuns runs(const Snapshot& snapshot, std::size_t count, double& highest, Value value)
{
    PointRuns made;
    bool inGap = true;
    for (std::size_t i = 0; i < count; ++i) {
        const double y = value(i);
        if (!std::isfinite(y) || y < 0.0) {
            inGap = true;
            continue;
        }
        if (inGap)
            made.emplace_back();
        inGap = false;
        made.back().append({bucketX(snapshot, i), y});
        highest = std::max(highest, y);
    }
    return made;
}

/// Neither this slice nor one beside it throttled anything.
bool isQuiet(const Snapshot& snapshot, std::size_t index)
{
    const std::size_t first = index > 0 ? index - 1 : 0;
    const std::size_t last = std::min(index + 1, snapshot.buckets.size() - 1);
    for (std::size_t i = first; i <= last; ++i)
        if (snapshot.buckets[i].throttled > 0)
            return false;
    return true;
}

} // namespace

double bucketX(const Snapshot& snapshot, std::size_t index)
{
    const TimePoint end = bucketStart(snapshot, index) + session::kBucketLength;
    return std::min(0.0, toSeconds(end - snapshot.now));
}

StackPoints concurrencyPoints(const Snapshot& snapshot)
{
    return stack(snapshot, 3, [](const Bucket& bucket) {
        return std::array<double, 3>{bucket.busy, bucket.idle, bucket.initialising};
    });
}

PointRuns limitPoints(const Snapshot& snapshot)
{
    double highest = 0.0;
    return runs(snapshot, snapshot.buckets.size(), highest, [&](std::size_t i) -> double {
        const float limit = snapshot.buckets[i].limit;
        return limit > 0.0F ? limit : std::nan("");
    });
}

LinePoints latencyPoints(const Snapshot& snapshot)
{
    LinePoints made;
    for (const auto percentile : {&Bucket::p50Ms, &Bucket::p95Ms, &Bucket::p99Ms})
        made.lines.push_back(runs(snapshot, snapshot.buckets.size(), made.highest,
                                  [&](std::size_t i) { return snapshot.buckets[i].*percentile; }));
    return made;
}

LinePoints ratePoints(const Snapshot& snapshot)
{
    LinePoints made;
    std::size_t complete = snapshot.buckets.size();
    while (complete > 0
           && bucketStart(snapshot, complete - 1) + session::kBucketLength > snapshot.now)
        --complete;
    for (const auto counted : {&Bucket::arrived, &Bucket::ended, &Bucket::throttled})
        made.lines.push_back(runs(snapshot, complete, made.highest, [&](std::size_t i) {
            const TimePoint start = bucketStart(snapshot, i);
            if (counted == &Bucket::throttled && isQuiet(snapshot, i))
                return std::nan("");
            const Duration length = start + session::kBucketLength
                - std::clamp(snapshot.startedAt, start, start + session::kBucketLength);
            return length > Duration::zero() ? snapshot.buckets[i].*counted / toSeconds(length)
                                             : std::nan("");
        }));
    return made;
}

StackPoints costPoints(const Snapshot& snapshot)
{
    return stack(snapshot, 3, [](const Bucket& bucket) {
        return std::array<double, 3>{bucket.requestsUsd, bucket.computeUsd, bucket.provisionedUsd};
    });
}

double dollarsPerMonth(const Snapshot& snapshot)
{
    if (snapshot.buckets.size() < 2)
        return 0.0;
    const auto total = [](const Bucket& bucket) {
        return sane(bucket.requestsUsd) + sane(bucket.computeUsd) + sane(bucket.provisionedUsd);
    };
    // From the end of the first slice to now: the figures are cumulative.
    const double seconds = -bucketX(snapshot, 0);
    const double spent = total(snapshot.buckets.back()) - total(snapshot.buckets.front());
    return seconds < 1.0 ? 0.0 : std::max(0.0, spent / seconds * kSecondsPerMonth);
}

} // namespace coldframe::ui
