#pragma once

#include "session/queue_view.h"
#include "ui/charts/series_points.h"

// From the samples of a queue to the points a chart draws; x as in series_points.h.
namespace coldframe::ui {

/// Seconds before `now` at which sample `index` was taken.
double sampleX(const session::QueueView& queue, std::size_t index, TimePoint now);

/// in flight, visible, delayed. The last ones are left empty while there is nothing of them: the
/// edge of an area without height would be a line in its colour.
StackPoints queueDepthPoints(const session::QueueView& queue, TimePoint now);
/// Age of the oldest message in milliseconds; a gap while there is none.
LinePoints queueAgePoints(const session::QueueView& queue, TimePoint now);
/// sent, received, given up per second. Where nothing is given up there is no line of it: a red one
/// along the axis would look like trouble.
LinePoints queueRatePoints(const session::QueueView& queue, TimePoint now);

/// Receives per second over the last five seconds of samples.
double receivesPerSecond(const session::QueueView& queue);

} // namespace coldframe::ui
