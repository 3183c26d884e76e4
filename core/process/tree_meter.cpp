#include "process/tree_meter.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include <dirent.h>

#include "process/proc_tree.h"

namespace coldframe::process {
namespace {

constexpr std::int64_t kShortSpanNs = 1'000'000;
/// Other threads' CPU below this is noise: the two clocks are read a moment apart.
constexpr std::int64_t kUnseenCpuNs = 100'000;
/// How many spans in a row are metered thoroughly once one of them needed it.
constexpr int kThoroughSpans = 16;
constexpr int kPollsPerWalk = 5;

std::int64_t monotonicNs()
{
    timespec now = {};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

std::vector<pid_t> threadsOf(pid_t pid)
{
    char path[32];
    std::snprintf(path, sizeof path, "/proc/%d/task", pid);
    std::vector<pid_t> threads;
    DIR* folder = ::opendir(path);
    if (folder == nullptr)
        return threads;
    while (const dirent* entry = ::readdir(folder)) {
        if (const int thread = std::atoi(entry->d_name); thread > 0)
            threads.push_back(thread);
    }
    ::closedir(folder);
    return threads;
}

} // namespace

TreeMeter::TreeMeter(pid_t leader, pid_t reaper)
    : m_pid(leader), m_reaper(reaper), m_schedstat(leader, "schedstat"), m_status(leader, "status"),
      m_clearRefs(leader, "clear_refs", true), m_statm(leader, "statm"), m_thorough(kThoroughSpans)
{ }

std::vector<pid_t> TreeMeter::treePids() const
{
    std::vector<pid_t> pids = {m_pid};
    const std::vector<pid_t> below = descendants(m_reaper != 0 ? m_reaper : m_pid);
    std::copy_if(below.begin(), below.end(), std::back_inserter(pids),
                 [this](pid_t pid) { return pid != m_pid; });
    return pids;
}

/// False when it has died. The clock goes by pid, so it is read first: if the file, which is bound
/// to the process, can be read after it, then the pid meant this process.
bool TreeMeter::readLeader(Leader& leader)
{
    leader.cpu = processCpuNs(m_pid);
    return readSchedstat(m_schedstat, leader.mainCpu, leader.mainWait) && leader.cpu >= 0;
}

TreeMeter::Picture TreeMeter::takePicture() const
{
    Picture picture;
    for (const pid_t pid : treePids()) {
        const std::int64_t cpu = processCpuNs(pid);
        if (cpu < 0)
            continue;
        picture.members.push_back({pid, cpu, reapedChildrenCpuNs(pid)});
        for (const pid_t thread : threadsOf(pid)) {
            char name[40];
            std::snprintf(name, sizeof name, "task/%d/schedstat", thread);
            Thread seen{pid, thread};
            if (readSchedstat(ProcFile(pid, name), seen.cpu, seen.wait))
                picture.threads.push_back(seen);
        }
    }
    std::sort(picture.threads.begin(), picture.threads.end(),
              [](const Thread& a, const Thread& b) { return a.thread < b.thread; });
    return picture;
}

void TreeMeter::begin()
{
    m_begunAt = monotonicNs();
    m_sampledKb = 0;
    m_pictured = m_thorough > 0;
    if (m_pictured) {
        m_before = takePicture();
        for (const Member& member : m_before.members) {
            if (member.pid != m_pid)
                ProcFile(member.pid, "clear_refs", true).write("5");
        }
    }
    readLeader(m_leader);
    m_clearRefs.write("5"); // the peak resident set starts again from the current one
}

Usage TreeMeter::end()
{
    Leader now;
    const bool alive = readLeader(now);
    const std::int64_t span = monotonicNs() - m_begunAt;
    Usage usage;
    if (!alive) {
        usage.peakKb = m_sampledKb;
        usage.complete = false;
        return usage;
    }
    const std::int64_t cpu = now.cpu - m_leader.cpu;
    const std::int64_t mainCpu = now.mainCpu - m_leader.mainCpu;
    if (span < kShortSpanNs && cpu - mainCpu < kUnseenCpuNs) {
        m_thorough = std::max(0, m_thorough - 1);
        usage.cpu = Duration(std::max<std::int64_t>(cpu, 0));
        usage.runQueueWait = Duration(std::max<std::int64_t>(now.mainWait - m_leader.mainWait, 0));
        usage.threads = 1;
        usage.peakKb = peakResidentKb(m_status);
    } else {
        m_thorough = kThoroughSpans;
        const Picture picture = takePicture();
        usage = compare(picture, now, Duration(span));
        usage.peakKb = peakKb(picture.members);
    }
    usage.complete = usage.complete && usage.peakKb != 0; // a zombie has no memory any more
    usage.peakKb = std::max(usage.peakKb, m_sampledKb);
    return usage;
}

/// Threads and processes that the earlier picture lacks began at zero: before or after it was
/// taken, a span in which something is started is long enough to be metered thoroughly.
Usage TreeMeter::compare(const Picture& now, const Leader& leader, Duration span) const
{
    Usage usage;
    std::int64_t cpu = leader.cpu - m_leader.cpu;
    std::int64_t childrenCpu = 0;
    const auto find = [](const Picture& picture, pid_t pid) {
        const auto same = [pid](const Member& member) { return member.pid == pid; };
        const auto at = std::find_if(picture.members.begin(), picture.members.end(), same);
        return at == picture.members.end() ? nullptr : &*at;
    };
    for (const Member& member : now.members) {
        const Member* before = find(m_before, member.pid);
        if (member.pid != m_pid)
            cpu += member.cpu - (before != nullptr ? before->cpu : 0);
        childrenCpu += member.childrenCpu - (before != nullptr ? before->childrenCpu : 0);
    }
    for (const Member& gone : m_before.members) {
        // All its CPU counts in its parent's by now; what it used earlier is not of this span.
        if (find(now, gone.pid) == nullptr)
            childrenCpu -= gone.cpu + gone.childrenCpu;
    }
    usage.cpu = Duration(std::max<std::int64_t>(cpu, 0) + std::max<std::int64_t>(childrenCpu, 0));
    for (const Thread& thread : now.threads) {
        const auto before = std::lower_bound(
            m_before.threads.begin(), m_before.threads.end(), thread.thread,
            [](const Thread& seen, pid_t wanted) { return seen.thread < wanted; });
        const bool known = before != m_before.threads.end() && before->thread == thread.thread;
        const bool main = thread.thread == m_pid;
        const std::int64_t oldCpu = main ? m_leader.mainCpu : known ? before->cpu : 0;
        const std::int64_t oldWait = main ? m_leader.mainWait : known ? before->wait : 0;
        usage.threads += thread.cpu > oldCpu ? 1 : 0;
        usage.runQueueWait += std::clamp(Duration(thread.wait - oldWait), Duration(0), span);
    }
    usage.complete = m_pictured || now.threads.size() <= 1;
    return usage;
}

std::uint32_t TreeMeter::peakKb(const std::vector<Member>& members)
{
    std::uint32_t sum = 0;
    for (const Member& member : members)
        sum += member.pid == m_pid ? peakResidentKb(m_status)
                                   : peakResidentKb(ProcFile(member.pid, "status"));
    return sum;
}

std::uint32_t TreeMeter::residentKb()
{
    const std::uint32_t leader = process::residentKb(m_statm);
    if (leader == 0)
        return 0;
    if (m_polls++ % kPollsPerWalk == 0) {
        m_others = treePids();
        m_others.erase(m_others.begin());
    }
    std::uint32_t sum = leader;
    for (const pid_t pid : m_others)
        sum += process::residentKb(ProcFile(pid, "statm"));
    m_sampledKb = std::max(m_sampledKb, sum);
    return sum;
}

} // namespace coldframe::process
