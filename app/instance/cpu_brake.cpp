#include "cpu_brake.h"

#include <algorithm>
#include <csignal>

#include <unistd.h>

#include "kill_tree.h"
#include "process/proc_file.h"
#include "process/proc_tree.h"

namespace coldframe::instance {

namespace {
constexpr double kPeriodNs = 20e6; // of the CFS quota behind a share
constexpr int kShortestMs = 4, kLongestMs = 32;
} // namespace

CpuBrake::CpuBrake(std::uint64_t millionths)
{
    if (millionths > 0)
        m_share = static_cast<double>(millionths) * 1e-6;
}

void CpuBrake::engage()
{
    if (m_share >= 1 || m_engaged)
        return;
    m_engaged = true;
    m_wait = kShortestMs;
    m_lookedAt = monotonicNs();
    m_creditNs = m_share * kPeriodNs;
    m_members.clear();
    (void)usedSinceLastLook(); // the baseline
}

void CpuBrake::release()
{
    if (m_stopped)
        signalTree(SIGCONT);
    m_engaged = m_stopped = false;
}

/// The first look at a process counts as nothing used when it was there at the beginning, and as
/// all it has used when it came since.
std::int64_t CpuBrake::usedSinceLastLook()
{
    const bool baseline = m_members.empty();
    std::vector<Member> now;
    std::int64_t used = 0;
    for (const pid_t pid : process::descendants(::getpid())) {
        const std::int64_t cpu = process::processCpuNs(pid);
        if (cpu < 0)
            continue;
        const auto before = std::ranges::find(m_members, pid, &Member::pid);
        if (before != m_members.end())
            used += std::max<std::int64_t>(0, cpu - before->cpuNs);
        else if (!baseline)
            used += cpu;
        now.push_back({pid, cpu});
    }
    m_members.swap(now);
    return used;
}

void CpuBrake::look()
{
    if (!m_engaged)
        return;
    const long long now = monotonicNs();
    const std::int64_t used = usedSinceLastLook();
    m_creditNs += m_share * static_cast<double>(now - m_lookedAt) - static_cast<double>(used);
    m_creditNs = std::min(m_creditNs, m_share * kPeriodNs); // waiting saves nothing up
    m_lookedAt = now;
    if (m_creditNs < 0) {
        signalTree(SIGSTOP); // again while it stands: something may have been forked meanwhile
        m_stopped = true;
    } else if (m_stopped) {
        signalTree(SIGCONT);
        m_stopped = false;
    }
    // One that only waits is looked at less and less often.
    m_wait = used > 0 || m_stopped ? kShortestMs : std::min(m_wait * 2, kLongestMs);
}

void CpuBrake::signalTree(int signal) const
{
    for (const pid_t pid : process::descendants(::getpid()))
        ::kill(pid, signal);
}

} // namespace coldframe::instance
