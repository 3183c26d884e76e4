#include "session/concurrency_probe.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <thread>

#include <fmt/format.h>

namespace coldframe::session {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kLook = std::chrono::milliseconds(100);
constexpr std::size_t kMostOfFailure = 300; ///< bytes of an error document that say enough

/// Callers who each wait for an answer and call again. Shared with the calls that are under way.
class Callers : public std::enable_shared_from_this<Callers> {
public:
    Callers(Session& session, const ProbePlan& plan, std::uint32_t count)
        : m_session(session), m_plan(plan), m_count(count)
    { }

    void begin()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_open = m_firstDue = m_count;
        }
        for (std::uint32_t i = 0; i < m_count; ++i)
            call(true);
    }
    void startCounting()
    {
        const std::lock_guard lock(m_mutex);
        m_counting = true;
        m_from = Clock::now();
    }
    /// No more calls.
    void end()
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
        if (m_counting)
            m_seconds = toMilliseconds(Clock::now() - m_from) / 1000;
    }
    /// Whether there have been as many answers as there are callers.
    bool countedAll() const
    {
        const std::lock_guard lock(m_mutex);
        return m_level.calls + m_level.cold >= m_count;
    }
    /// True: it became so within that time.
    bool waitForFirstAnswers(Duration atMost) { return waitFor(atMost, &Callers::m_firstDue); }
    bool waitForAll(Duration atMost) { return waitFor(atMost, &Callers::m_open); }
    /// Something makes going on pointless.
    bool broken() const
    {
        const std::lock_guard lock(m_mutex);
        return m_refused || m_throttled;
    }

    /// After the last answer.
    Result<ProbeLevel> result() const
    {
        const std::lock_guard lock(m_mutex);
        if (m_refused)
            return tl::unexpected(*m_refused);
        ProbeLevel level = m_level;
        level.concurrency = m_count;
        if (m_throttled)
            level.unmeasured = *m_throttled;
        if (level.unmeasured.empty() && level.response.empty())
            level.unmeasured = level.failed > 0 ? "every call fails: " + m_failure
                : level.cold > 0                ? "every answer came from a new instance"
                                                : std::string();
        level.failsAlways = level.failed > 0 && level.response.empty();
        // Little's law holds also while all callers wait for the same moment; but callers whose
        // instances are started again are not always waiting for an answer.
        if (level.failed + level.cold > 0 && m_seconds > 0)
            level.perS = static_cast<double>(level.response.size()) / m_seconds;
        else if (m_sumS > 0)
            level.perS = m_count * static_cast<double>(level.calls) / m_sumS;
        std::ranges::sort(level.response);
        const double sum = std::accumulate(level.response.begin(), level.response.end(), 0.0);
        if (!level.response.empty())
            level.meanS = sum * 1e-9 / static_cast<double>(level.response.size());
        return level;
    }

private:
    bool waitFor(Duration atMost, std::uint32_t Callers::*count)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, atMost, [&] { return this->*count == 0; });
    }

    void call(bool first)
    {
        const Clock::time_point at = Clock::now();
        m_session.send({.function = m_plan.function, .event = m_plan.event, .trigger = "probe"},
                       [self = shared_from_this(), at, first](const Answer& answer) {
                           self->answered(answer, at, first);
                       });
    }

    void answered(const Answer& answer, Clock::time_point calledAt, bool first)
    {
        {
            const std::lock_guard lock(m_mutex);
            const Clock::time_point now = Clock::now();
            m_firstDue -= first;
            if (answer.refused && !m_refused)
                m_refused = answer.refused;
            else if (answer.throttled && !m_throttled)
                m_throttled = answer.reasonText;
            else if (m_counting && !m_ending)
                count(answer, now - calledAt);
            if (m_ending || m_refused || m_throttled) {
                --m_open;
                m_changed.notify_all();
                return;
            }
            m_changed.notify_all();
        }
        call(false);
    }

    void count(const Answer& answer, Duration took)
    {
        const bool good = answer.outcome == engine::Outcome::Succeeded;
        if (answer.cold && good) {
            ++m_level.cold;
            return;
        }
        ++m_level.calls;
        m_sumS += toMilliseconds(took) / 1000;
        if (good) {
            m_level.response.push_back(took.count());
        } else if (m_level.failed++ == 0) {
            m_failure = answer.payload.substr(0, kMostOfFailure);
        }
    }

    Session& m_session;
    const ProbePlan& m_plan;
    const std::uint32_t m_count;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::uint32_t m_firstDue = 0, m_open = 0;
    bool m_counting = false, m_ending = false;
    double m_sumS = 0; ///< of all that were counted
    Clock::time_point m_from;
    double m_seconds = 0; ///< for which was counted
    ProbeLevel m_level;
    std::optional<Error> m_refused;
    std::optional<std::string> m_throttled;
    std::string m_failure;
};

/// Until `done`, or the callers can not go on, or somebody wants it to end. Sums up the CPU shares.
struct Watch {
    Session& session;
    Callers& callers;
    const std::function<bool()>& interrupted;
    double cpu = 0;
    int looks = 0;

    bool until(const std::function<bool(Duration)>& done)
    {
        for (;;) {
            if (done(kLook))
                return true;
            if (callers.broken() || interrupted())
                return false;
            cpu += session.snapshot()->desk.cpuShare;
            ++looks;
        }
    }
};

std::function<bool(Duration)> timeIsUp(Clock::time_point end)
{
    return [end](Duration atMost) {
        std::this_thread::sleep_until(std::min(end, Clock::now() + atMost));
        return Clock::now() >= end;
    };
}

} // namespace

Result<ProbeLevel> measureLevel(Session& session, const ProbePlan& plan, std::uint32_t concurrency,
                                const std::function<bool()>& interrupted)
{
    const std::uint32_t slots = session.snapshot()->desk.slots;
    if (slots > 0 && concurrency > slots) {
        ProbeLevel level;
        level.concurrency = concurrency;
        level.unmeasured = fmt::format("this machine has room for {} instances", slots);
        return level;
    }
    const auto callers = std::make_shared<Callers>(session, plan, concurrency);
    callers->begin();
    Watch watch{session, *callers, interrupted};
    bool good = watch.until([&](Duration atMost) { return callers->waitForFirstAnswers(atMost); });
    good = good && watch.until(timeIsUp(Clock::now() + plan.warmUp));
    if (good) {
        callers->startCounting();
        watch.cpu = 0, watch.looks = 0;
        const auto over = timeIsUp(Clock::now() + plan.length);
        good = watch.until([&](Duration atMost) {
            std::this_thread::sleep_for(std::min<Duration>(atMost, plan.length));
            return over(Duration::zero()) && callers->countedAll();
        });
    }
    callers->end();
    const double cpuShare = watch.looks > 0 ? watch.cpu / watch.looks : 0;
    // Each is answered at last: its timeout sees to that.
    while (!callers->waitForAll(kLook)) { }
    Result<ProbeLevel> level = callers->result();
    if (!level)
        return level;
    level->deskCpuShare = cpuShare;
    if (!good && level->unmeasured.empty())
        level->calls = 0; // interrupted
    return level;
}

} // namespace coldframe::session
