#pragma once

#include <atomic>
#include <chrono>
#include <optional>

#include "session/busy_time.h"
#include "session/session.h"

namespace coldframe::session {

class Run;

/// Lets the clock of a run jump over the time in which nothing is executing, to the next thing that
/// is due: a retry, the end of a keep-alive, a schedule, the end of the run. While anything
/// executes, time passes as on the wall. On the live thread unless it says otherwise.
class IdleSkipper {
public:
    /// The run's driver is there, and nothing has started. `begun` is when its time begins.
    IdleSkipper(Run& run, const SkipIdle& settings, TimePoint begun);

    /// No handler of the live thread is ready to run: jumps, if the run is at rest. False: there is
    /// something to wait for, or nothing to jump to.
    bool skip();
    /// Time passes by itself, too: looks whether it is over.
    void beat();
    /// It is over now, at the time it is.
    void end();
    /// From any thread: no time passes any more, and the last picture is made.
    bool over() const { return m_over.load(); }

    /// What schedules go by. Its last moment lies before the end, at which nothing is due any more.
    TimePoint civilNow() const;
    /// An attempt has ended now, after this long in its handler and its init.
    void worked(Duration length);
    SkippedTime time() const;

private:
    std::optional<TimePoint> due() const;

    Run& m_run;
    std::optional<TimePoint> m_end; ///< none: until nothing waits; then schedules are not due
    BusyTime m_worked;
    Duration m_skipped{};
    std::chrono::steady_clock::time_point m_begun;
    std::atomic<bool> m_over{false};
};

} // namespace coldframe::session
