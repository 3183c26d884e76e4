#pragma once

#include <deque>
#include <vector>

#include "session/queue_view.h"

namespace coldframe::session {

/// How queues stood over the last two minutes, sampled twice a second.
class QueueSeries {
public:
    /// At most one sample of each in kQueueSampleEvery.
    bool isDue(TimePoint now) const { return now >= m_next; }
    void begin(TimePoint now);
    void add(QueueId queue, const engine::QueueCounts& counts, const Tally& tally);
    void fill(QueueId queue, QueueView& view) const;

private:
    TimePoint m_next{}, m_lastAt{};
    struct Line {
        std::deque<QueueSample> samples;
        Tally before; ///< as of the last sample
    };
    std::vector<Line> m_lines; ///< by QueueId
};

} // namespace coldframe::session
