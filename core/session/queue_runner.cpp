#include "session/queue_runner.h"

#include "session/queues.h"
#include "session/run.h"

namespace coldframe::session {

QueueRunner::QueueRunner(Run& run, const Trigger& trigger) : m_run(run), m_trigger(trigger.name)
{
    stop(); // the one before it may have been started
}

void QueueRunner::start()
{
    m_run.queues().enable(m_trigger, true);
}

void QueueRunner::stop()
{
    m_run.queues().enable(m_trigger, false);
}

/// What it waits for is in the queue, and shown there.
void QueueRunner::fill(TriggerView& view) const
{
    view.obstacle = m_run.queues().obstacle(m_trigger);
}

} // namespace coldframe::session
