#include "ui/charts/queue_points.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace coldframe::ui {

namespace {

using session::QueueSample;
using session::QueueView;

/// `value(i)` is not finite where there is nothing to draw.
template <typename Value>
PointRuns sampleRuns(const QueueView& queue, TimePoint now, double& highest, Value value)
{
    PointRuns made;
    bool inGap = true;
    for (std::size_t i = 0; i < queue.samples.size(); ++i) {
        const double y = value(i);
        if (!std::isfinite(y)) {
            inGap = true;
            continue;
        }
        if (inGap)
            made.emplace_back();
        inGap = false;
        made.back().append({sampleX(queue, i, now), y});
        highest = std::max(highest, y);
    }
    return made;
}

/// Nothing was given up in this slice and those beside it.
bool nothingGivenUp(const QueueView& queue, std::size_t index)
{
    const std::size_t first = index > 0 ? index - 1 : 0;
    const std::size_t last = std::min(index + 1, queue.samples.size() - 1);
    for (std::size_t i = first; i <= last; ++i)
        if (queue.samples[i].deadLettered > 0)
            return false;
    return true;
}

} // namespace

double sampleX(const QueueView& queue, std::size_t index, TimePoint now)
{
    const auto after = static_cast<std::int64_t>(queue.samples.size() - 1 - index);
    return std::min(0.0, toSeconds(queue.lastSampleAt - after * session::kQueueSampleEvery - now));
}

StackPoints queueDepthPoints(const QueueView& queue, TimePoint now)
{
    StackPoints made;
    made.edges.resize(3);
    for (std::size_t i = 0; i < queue.samples.size(); ++i) {
        const QueueSample& sample = queue.samples[i];
        double sum = 0.0;
        const std::array<std::uint32_t, 3> parts{sample.inFlight, sample.visible, sample.delayed};
        for (std::size_t part = 0; part < parts.size(); ++part) {
            sum += parts[part];
            made.edges[part].append({sampleX(queue, i, now), sum});
        }
        made.highest = std::max(made.highest, sum);
    }
    for (std::size_t part = 2; part > 0 && made.edges[part] == made.edges[part - 1]; --part)
        made.edges[part].clear();
    return made;
}

LinePoints queueAgePoints(const QueueView& queue, TimePoint now)
{
    LinePoints made;
    made.lines.push_back(sampleRuns(queue, now, made.highest, [&](std::size_t i) {
        const QueueSample& sample = queue.samples[i];
        const bool empty = sample.visible + sample.delayed + sample.inFlight == 0;
        return empty ? std::nan("") : toMilliseconds(sample.oldestAge);
    }));
    return made;
}

LinePoints queueRatePoints(const QueueView& queue, TimePoint now)
{
    const double perSecond = 1.0 / toSeconds(session::kQueueSampleEvery);
    LinePoints made;
    for (const auto counted :
         {&QueueSample::sent, &QueueSample::received, &QueueSample::deadLettered})
        made.lines.push_back(sampleRuns(queue, now, made.highest, [&](std::size_t i) {
            const bool quiet = counted == &QueueSample::deadLettered && nothingGivenUp(queue, i);
            return quiet ? std::nan("") : queue.samples[i].*counted * perSecond;
        }));
    return made;
}

double receivesPerSecond(const QueueView& queue)
{
    constexpr std::size_t kSamples = 10;
    const std::size_t count = std::min(kSamples, queue.samples.size());
    if (count == 0)
        return 0.0;
    double sum = 0.0;
    for (std::size_t i = queue.samples.size() - count; i < queue.samples.size(); ++i)
        sum += queue.samples[i].received;
    return sum / (static_cast<double>(count) * toSeconds(session::kQueueSampleEvery));
}

} // namespace coldframe::ui
