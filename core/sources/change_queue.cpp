#include "sources/change_queue.h"

#include <iterator>

namespace coldframe::sources {

void ChangeQueue::push(std::vector<FileChange>& batch, const std::stop_token& stop)
{
    if (batch.empty())
        return;
    bool wasEmpty = false;
    {
        std::unique_lock lock(m_mutex);
        if (!m_drained.wait(lock, stop, [&] { return m_changes.size() < m_limit; }))
            return;
        wasEmpty = m_changes.empty();
        m_changes.insert(m_changes.end(), std::make_move_iterator(batch.begin()),
                         std::make_move_iterator(batch.end()));
    }
    batch.clear();
    if (wasEmpty)
        wake();
}

std::vector<FileChange> ChangeQueue::drain()
{
    std::vector<FileChange> changes;
    {
        const std::lock_guard lock(m_mutex);
        changes.swap(m_changes);
    }
    m_drained.notify_all();
    return changes;
}

void ChangeQueue::wake() const
{
    if (m_wake)
        m_wake();
}

} // namespace coldframe::sources
