#pragma once

#include "session/snapshot.h"

namespace coldframe::bench {

/// A run in which `perSecond` attempts end each second, on 200 instances, as a session would
/// picture it.
class GrowingRun {
public:
    explicit GrowingRun(std::uint32_t perSecond);
    /// Moves on by `time` and makes the next picture.
    std::shared_ptr<const session::Snapshot> after(Duration time);
    std::uint64_t attempts() const { return m_attempts; }

private:
    void fillBucket(Duration time, std::uint32_t ended);
    void moveLanes(Duration time);
    history::AttemptRow nextRow();

    std::uint32_t m_perSecond;
    TimePoint m_startedAt;
    TimePoint m_now;
    std::uint64_t m_attempts = 0;
    history::AttemptLog m_log;
    std::vector<session::Bucket> m_buckets;
    TimePoint m_firstBucketAt;
    std::vector<session::Lane> m_lanes;
    std::shared_ptr<const Workspace> m_workspace;
};

} // namespace coldframe::bench
