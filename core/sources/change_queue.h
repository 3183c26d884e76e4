#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <vector>

#include "sources/file_change.h"

namespace coldframe::sources {

/// Hands changes from the watcher's thread to whoever drains. Bounded: when it is full the watcher
/// waits, the kernel's queue takes over, and when that is full, a rescan finds what it dropped.
class ChangeQueue {
public:
    ChangeQueue(std::size_t limit, std::function<void()> wake)
        : m_limit(limit), m_wake(std::move(wake))
    { }

    /// Appends the batch and leaves it empty. Waits while the queue is full; gives up on stop.
    void push(std::vector<FileChange>& batch, const std::stop_token& stop);
    std::vector<FileChange> drain();
    /// Calls the wake callback without a change.
    void wake() const;

private:
    const std::size_t m_limit;
    const std::function<void()> m_wake;
    std::mutex m_mutex;
    std::condition_variable_any m_drained;
    std::vector<FileChange> m_changes;
};

} // namespace coldframe::sources
