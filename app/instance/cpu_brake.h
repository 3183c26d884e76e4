#pragma once

#include <cstdint>
#include <vector>

#include <sys/types.h>

namespace coldframe::instance {

/// Holds the program's tree to a share of one core while it works on an event, as the platform's
/// scheduler does with a function of little memory: it may run ahead by the share of one period of
/// 20 ms, then it stands still until its share has caught up.
///
/// It stops and continues the tree with signals, so it needs no right that a user lacks. What it
/// sees is the CPU of living processes at each look: of a child that came and went between two
/// looks it sees nothing.
class CpuBrake {
public:
    /// @param millionths  share of one core; 0, or a whole core and more: never brakes
    explicit CpuBrake(std::uint64_t millionths);
    ~CpuBrake() { release(); }
    CpuBrake(const CpuBrake&) = delete;
    CpuBrake& operator=(const CpuBrake&) = delete;

    void engage();
    void release(); ///< everything runs again
    /// For poll(): how long until the next look in ms; -1 when there is none to come.
    int wait() const { return m_engaged ? m_wait : -1; }
    void look();

private:
    struct Member {
        pid_t pid = 0;
        std::int64_t cpuNs = 0;
    };
    std::int64_t usedSinceLastLook();
    void signalTree(int signal) const;

    double m_share = 1;
    bool m_engaged = false, m_stopped = false;
    int m_wait = 0;
    long long m_lookedAt = 0;
    double m_creditNs = 0; ///< what it may still use before it has to stand still
    std::vector<Member> m_members;
};

} // namespace coldframe::instance
