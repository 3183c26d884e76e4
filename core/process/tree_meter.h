#pragma once

#include <cstdint>
#include <vector>

#include <sys/types.h>

#include "model/time.h"
#include "process/proc_file.h"

namespace coldframe::process {

/// What a process tree used between TreeMeter::begin() and end().
struct Usage {
    /// CPU of every thread of every process. Of processes that came and went in between, what the
    /// kernel accounts to their parent, in steps of 10 ms.
    Duration cpu{};
    /// Time threads were ready and no core was free, summed over the threads that still live.
    Duration runQueueWait{};
    /// Highest resident set of each living process, summed: never below what was in use at once.
    /// Shared pages count in each.
    std::uint32_t peakKb = 0;
    /// Threads that used CPU; at most one means that `runQueueWait` delayed the work exactly so.
    std::uint32_t threads = 0;
    /// False when it is not the exact truth: the program has died, or its other threads were last
    /// looked at some spans ago, so that what they did between spans may be counted in this one.
    bool complete = true;
};

/// Meters one instance. Belongs to one thread; holds four files of /proc open.
///
/// The usual span, short and within the leader's main thread, costs a handful of system calls.
/// A span of over 1 ms, or CPU that the main thread did not use, has the tree walked: tens of
/// microseconds and more with each thread and process, which such a span does not feel.
class TreeMeter {
public:
    /// @param leader  the program's pid, once it runs
    /// @param reaper  its reaper, to count children that lost their parent too; 0 for none
    explicit TreeMeter(pid_t leader, pid_t reaper = 0);

    void begin();
    Usage end();

    /// Memory in use by the tree now, in KB; 0 when it has died. Cheap enough for 20 times a second
    /// and instance: it looks for new processes on every fifth call.
    std::uint32_t residentKb();

private:
    struct Thread {
        pid_t pid = 0;
        pid_t thread = 0;
        std::int64_t cpu = 0; ///< ns
        std::int64_t wait = 0; ///< ns
    };
    struct Member {
        pid_t pid = 0;
        std::int64_t cpu = 0; ///< ns, of all its threads, ended ones too
        std::int64_t childrenCpu = 0; ///< ns, of the children it has reaped
    };
    struct Picture {
        std::vector<Member> members; ///< the leader first, by no other order
        std::vector<Thread> threads; ///< by thread id
    };
    struct Leader {
        std::int64_t cpu = 0; ///< ns, all threads
        std::int64_t mainCpu = 0; ///< ns, main thread
        std::int64_t mainWait = 0; ///< ns, main thread
    };

    std::vector<pid_t> treePids() const;
    bool readLeader(Leader& leader);
    Picture takePicture() const;
    Usage compare(const Picture& now, const Leader& leader, Duration span) const;
    std::uint32_t peakKb(const std::vector<Member>& members);

    pid_t m_pid;
    pid_t m_reaper;
    ProcFile m_schedstat;
    ProcFile m_status;
    ProcFile m_clearRefs;
    ProcFile m_statm;
    Leader m_leader;
    Picture m_before;
    std::int64_t m_begunAt = 0; ///< ns, CLOCK_MONOTONIC
    std::uint32_t m_sampledKb = 0; ///< highest residentKb() since begin()
    int m_thorough; ///< spans still to be metered thoroughly
    bool m_pictured = false; ///< m_before was taken by this begin()
    std::vector<pid_t> m_others; ///< known to residentKb(), without the leader
    int m_polls = 0;
};

} // namespace coldframe::process
