#include "session/queue_series.h"

namespace coldframe::session {

void QueueSeries::begin(TimePoint now)
{
    m_lastAt = now;
    m_next = now + kQueueSampleEvery;
}

void QueueSeries::add(QueueId queue, const engine::QueueCounts& counts, const Tally& tally)
{
    if (queue >= m_lines.size())
        m_lines.resize(queue + 1);
    Line& line = m_lines[queue];
    QueueSample sample;
    sample.visible = counts.visible;
    sample.delayed = counts.delayed;
    sample.inFlight = counts.inFlight;
    sample.oldestAge = counts.oldestSentAt ? m_lastAt - *counts.oldestSentAt : Duration::zero();
    sample.sent = static_cast<std::uint32_t>(tally.sent - line.before.sent);
    sample.received = static_cast<std::uint32_t>(tally.received - line.before.received);
    sample.deleted = static_cast<std::uint32_t>(tally.deleted - line.before.deleted);
    sample.deadLettered = static_cast<std::uint32_t>(tally.deadLettered - line.before.deadLettered);
    line.before = tally;
    line.samples.push_back(sample);
    if (line.samples.size() > kQueueSamples)
        line.samples.pop_front();
}

void QueueSeries::fill(QueueId queue, QueueView& view) const
{
    view.lastSampleAt = m_lastAt;
    if (queue < m_lines.size())
        view.samples.assign(m_lines[queue].samples.begin(), m_lines[queue].samples.end());
}

} // namespace coldframe::session
