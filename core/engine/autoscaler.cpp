#include "engine/autoscaler.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include <fmt/format.h>

namespace coldframe::engine {

namespace {

__extension__ using WideLoad = unsigned __int128;
constexpr std::uint64_t kMostInstances = 10'000'000;

/// Instances that this load takes at so many millionths of a request each, rounded up.
std::uint64_t instancesFor(const LoadWindow::Average& load, std::uint64_t targetMillionths)
{
    const WideLoad parts = static_cast<WideLoad>(load.loadNs) * kWhole;
    const WideLoad each = static_cast<WideLoad>(load.ns) * targetMillionths;
    return static_cast<std::uint64_t>(
        std::min<WideLoad>((parts + each - 1) / each, kMostInstances));
}

std::uint32_t thousandths(const LoadWindow::Average& load)
{
    const WideLoad value = static_cast<WideLoad>(load.loadNs) * 1000 / load.ns;
    return static_cast<std::uint32_t>(
        std::min<WideLoad>(value, std::numeric_limits<std::uint32_t>::max()));
}

} // namespace

Duration Scaling::step() const
{
    Duration::rep all = std::gcd(tick.count(), window.count());
    if (decider == Decider::Kpa)
        all = std::gcd(all, panicWindow.count());
    return Duration(all);
}

std::optional<std::string> Scaling::tooFine() const
{
    const Duration each = step();
    const Duration::rep count = window / each;
    if (count <= kMostLoadSteps)
        return std::nullopt;
    return fmt::format("the window is made of {} steps of {} ns, the longest of which the tick and "
                       "the windows are multiples; there may be {}",
                       count, each.count(), kMostLoadSteps);
}

/// What it knew of the load holds as long as the window still reaches back to it; so does the grid
/// of its ticks, as that of a timer that goes on.
void Autoscaler::wake(TimePoint now, const Scaling& rules, std::uint32_t ready)
{
    const bool anew = !m_load.knows() || now - m_load.until() >= rules.window;
    if (anew)
        m_load.begin(now, rules.step(), std::max(rules.window, rules.step()));
    else
        m_load.settle(now, 0);
    m_awake = true;
    m_panics = m_buffered = false;
    m_panicMost = 0;
    m_wants.clear();
    m_stage = ready > 0 ? Stage::Active : Stage::Activating;
    m_stageSince = now;
}

/// As an autoscaler that finds more than one instance when it begins: it does not scale down
/// before the window is full.
void Autoscaler::found(TimePoint now, std::uint32_t alive)
{
    m_stage = Stage::Active;
    m_panics = alive > 1;
    m_panicAt = now;
    m_panicMost = alive;
}

TimePoint Autoscaler::nextTick(TimePoint now, const Scaling& rules) const
{
    const TimePoint origin = m_load.origin();
    return origin + rules.tick * ((now - origin) / rules.tick + 1);
}

/// Before a step of the window is over there is no past: then the load is what it is.
LoadWindow::Average Autoscaler::average(Duration span, const Counts& counts) const
{
    if (span == Duration::zero() || !m_load.knows())
        return {counts.load, 1};
    return m_load.over(span);
}

Autoscaler::Decision Autoscaler::decide(TimePoint now, const Scaling& rules,
                                        std::uint32_t concurrency, const Counts& counts)
{
    const std::uint32_t each
        = concurrency == 0 ? rules.target : std::min(rules.target, concurrency);
    const std::uint64_t target = std::max<std::uint64_t>(each * rules.targetUse, 1);
    Decision decision;
    std::uint32_t wanted = 0;
    if (rules.decider == Scaling::Decider::Kpa) {
        wanted = byWindows(now, rules, target, counts, decision);
    } else {
        const LoadWindow::Average load = average(rules.window, counts);
        wanted = static_cast<std::uint32_t>(instancesFor(load, target));
        decision.load = thousandths(load);
        decision.why = Why::ScaledUp;
        if (counts.load == 0) // what has passed starts nothing
            wanted = std::min(wanted, counts.alive);
        if (rules.addAtMost > 0)
            wanted = std::min(wanted, counts.alive + rules.addAtMost);
    }
    if (counts.load > 0 && counts.alive == 0) {
        wanted = std::max(wanted, 1U);
        decision.why = Why::ScaledFromZero;
    }
    if (rules.downDelay > Duration::zero())
        wanted = delayed(now, rules.downDelay, wanted);
    if (wanted < counts.least) {
        wanted = counts.least;
        decision.why = Why::ScaledToMinimum;
    }
    wanted = std::min(wanted, counts.most);
    if (rules.decider == Scaling::Decider::Kpa) {
        lookAtBuffer(now, rules, each, counts);
        if (wanted == 0)
            wanted = toZero(now, rules, counts);
        else if (m_stage == Stage::Inactive)
            m_stage = Stage::Active, m_stageSince = now;
    }
    if (!rules.retires)
        wanted = std::max(wanted, counts.alive);
    decision.wanted = wanted;
    decision.rest = wanted == 0 && counts.alive == 0 && counts.load == 0;
    return decision;
}

/// Knative's decision before bounds: by the long window, or by the higher of both while it panics.
std::uint32_t Autoscaler::byWindows(TimePoint now, const Scaling& rules, std::uint64_t target,
                                    const Counts& counts, Decision& decision)
{
    const std::uint64_t ready = std::max(counts.ready, 1U);
    const std::uint64_t up
        = std::min((rules.maxUpRate * ready + kWhole - 1) / kWhole, kMostInstances);
    const std::uint64_t down = ready * kWhole / rules.maxDownRate;
    const LoadWindow::Average longTerm = average(rules.window, counts),
                              shortTerm = average(rules.panicWindow, counts);
    const std::uint64_t panicWanted = instancesFor(shortTerm, target);
    const auto bounded = [&](std::uint64_t wanted) {
        return static_cast<std::uint32_t>(std::min(std::max(wanted, down), up));
    };
    const bool over = panicWanted * kWhole >= rules.panicThreshold * ready;
    if (over) {
        m_panics = true;
        m_panicAt = now;
    } else if (m_panics && m_panicAt + rules.window < now) {
        m_panics = false;
        m_panicMost = 0;
    }
    decision.why = Why::ScaledUp;
    decision.load = thousandths(longTerm);
    std::uint32_t wanted = bounded(instancesFor(longTerm, target));
    if (!m_panics)
        return wanted;
    if (const std::uint32_t panic = bounded(panicWanted); panic >= wanted) {
        wanted = panic;
        decision.why = Why::ScaledUpPanic;
        decision.load = thousandths(shortTerm);
    }
    m_panicMost = std::max(m_panicMost, wanted); // it never scales down while it panics
    return m_panicMost;
}

/// The excess burst capacity: what the ready ones could serve, without what they have and without
/// what is to be kept free. Below zero, the buffer stays in the way of the requests.
void Autoscaler::lookAtBuffer(TimePoint now, const Scaling& rules, std::uint64_t target,
                              const Counts& counts)
{
    bool lacks = !rules.burstCapacity;
    if (rules.burstCapacity && *rules.burstCapacity > 0) {
        const LoadWindow::Average load = average(rules.panicWindow, counts);
        const WideLoad could = static_cast<WideLoad>(counts.ready) * target * load.ns;
        lacks = could < static_cast<WideLoad>(*rules.burstCapacity) * load.ns + load.loadNs;
    }
    if (lacks && !m_buffered)
        m_bufferedSince = now;
    m_buffered = lacks || (m_buffered && m_stage == Stage::Inactive);
}

/// Nothing is wanted. The last instances go once the function has been active for a window, and the
/// buffer has been in the way for the time of grace.
std::uint32_t Autoscaler::toZero(TimePoint now, const Scaling& rules, const Counts& counts)
{
    if (m_stage == Stage::Activating)
        return counts.alive;
    if (m_stage == Stage::Active) {
        if (now - m_stageSince < rules.window)
            return std::min(1U, counts.most);
        m_stage = Stage::Inactive;
        m_stageSince = now;
        if (!m_buffered)
            m_bufferedSince = now;
        m_buffered = true;
    }
    return now - m_bufferedSince >= rules.toZeroGrace ? 0 : counts.alive;
}

/// The most that was wanted within the delay.
std::uint32_t Autoscaler::delayed(TimePoint now, Duration delay, std::uint32_t wanted)
{
    std::erase_if(m_wants, [&](const Wanted& past) {
        return past.at + delay <= now || past.count <= wanted;
    });
    m_wants.push_back({now, wanted});
    return m_wants.front().count;
}

void Autoscaler::starting(TimePoint now)
{
    if (m_firstStart == TimePoint::min())
        m_firstStart = now;
}

void Autoscaler::ready(TimePoint now, Duration took)
{
    ++m_startups;
    m_startupSum += took;
    if (m_stage == Stage::Activating) {
        m_stage = Stage::Active;
        m_stageSince = now;
    }
}

Duration Autoscaler::meanStartup(TimePoint now) const
{
    if (m_startups > 0)
        return m_startupSum / m_startups;
    return m_firstStart == TimePoint::min() ? Duration::zero() : now - m_firstStart;
}

} // namespace coldframe::engine
