#include "engine/poller.h"

#include <algorithm>

namespace coldframe::engine {

namespace {

constexpr Duration kRest = std::chrono::seconds(1); ///< from a launch in vain to the next receive
constexpr std::int64_t kMinute = Duration(std::chrono::minutes(1)).count();

/// Rounded down, whatever the sign.
std::int64_t pollersOf(Duration ramp, const MappingRules& rules)
{
    const std::int64_t scaled = ramp.count() * rules.pollersPerMinute;
    return scaled >= 0 ? scaled / kMinute : -((-scaled + kMinute - 1) / kMinute);
}

/// The least time that gives so many.
Duration rampOf(std::int64_t pollers, const MappingRules& rules)
{
    const std::int64_t each = rules.pollersPerMinute;
    const std::int64_t scaled = pollers * kMinute;
    return Duration(scaled >= 0 ? (scaled + each - 1) / each : -(-scaled / each));
}

/// Where the ramp ends.
std::uint32_t ceilingOf(const MappingRules& rules)
{
    return rules.maxConcurrency == 0 ? rules.maxPollers
                                     : std::min(rules.maxPollers, rules.maxConcurrency);
}

} // namespace

std::uint32_t Poller::allowed(const MappingRules& rules) const
{
    const std::int64_t ramped = rules.pollersPerMinute == 0 ? 0 : pollersOf(m_ramp, rules);
    const std::int64_t pollers
        = std::max<std::int64_t>(rules.startPollers + ramped, rules.leastPollers);
    const std::int64_t bounded = std::min<std::int64_t>(pollers, ceilingOf(rules));
    return static_cast<std::uint32_t>(std::max<std::int64_t>(bounded, 1));
}

Poller::Wish Poller::wish(TimePoint now, const MappingRules& rules)
{
    rampTo(now, rules);
    if (!rules.enabled || now < m_restUntil || m_full || m_messages >= rules.batchSize
        || m_running >= allowed(rules))
        return {};
    return {rules.batchSize - m_messages,
            rules.maxBatchBytes - std::min<std::uint64_t>(m_bytes, rules.maxBatchBytes),
            m_messages == 0};
}

void Poller::received(TimePoint now, const MappingRules& rules, std::uint32_t messages,
                      std::uint64_t bytes, bool full)
{
    if (m_messages == 0 && messages > 0)
        m_since = now;
    m_messages += messages;
    m_bytes += bytes;
    m_full = m_messages > 0 && (m_full || full || m_messages >= rules.batchSize);
}

void Poller::due(TimePoint now, const MappingRules& rules)
{
    m_full = m_full || (m_messages > 0 && now - m_since >= rules.window);
}

bool Poller::launches(const MappingRules& rules) const
{
    return m_messages > 0 && (m_full || !rules.enabled || rules.window == Duration::zero());
}

void Poller::launched(bool empty)
{
    m_messages = 0;
    m_bytes = 0;
    m_full = false;
    m_running += empty ? 0 : 1;
}

void Poller::ended(TimePoint launchedAt, TimePoint now, const MappingRules& rules, End end)
{
    --m_running;
    rampTo(now, rules);
    if (end == End::Throttled || (end != End::Succeeded && now == launchedAt))
        m_restUntil = std::max(m_restUntil, launchedAt + kRest);
    if (rules.pollersPerMinute == 0)
        return;
    const std::int64_t had = allowed(rules);
    const std::int64_t start = rules.startPollers;
    if (end == End::Failed || end == End::Throttled) {
        if (launchedAt < m_cutAt)
            return;
        m_cutAt = now;
        const std::int64_t left
            = std::max<std::int64_t>(had / 2, std::min(rules.leastPollers, rules.startPollers));
        m_ramp = std::min(m_ramp, rampOf(left - start, rules));
    } else if (m_ramp < Duration::zero()) {
        m_ramp = std::min(m_ramp + rampOf(1, rules), Duration::zero());
    }
}

/// Time in which messages remained counts.
void Poller::rampTo(TimePoint now, const MappingRules& rules)
{
    if (m_ramping && rules.pollersPerMinute > 0) {
        const std::int64_t most = std::max<std::int64_t>(
            std::int64_t{ceilingOf(rules)} - std::int64_t{rules.startPollers}, 0);
        m_ramp = std::min(m_ramp + (now - m_rampedTo), std::max(m_ramp, rampOf(most, rules)));
    }
    m_rampedTo = now;
}

void Poller::settle(TimePoint now, const MappingRules& rules, bool remain)
{
    rampTo(now, rules);
    m_ramping = remain && rules.enabled;
    if (!remain && m_running == 0 && m_messages == 0)
        m_ramp = std::min(m_ramp, Duration::zero());
}

std::optional<TimePoint> Poller::nextDeadline(const MappingRules& rules) const
{
    const bool rests = m_ramping && m_restUntil > m_rampedTo;
    if (m_messages > 0 && !m_full)
        return rests ? std::min(m_restUntil, m_since + rules.window) : m_since + rules.window;
    if (rests)
        return m_restUntil;
    const std::uint32_t now = allowed(rules);
    if (!m_ramping || rules.pollersPerMinute == 0 || m_running < now || now >= ceilingOf(rules))
        return std::nullopt;
    const Duration next = rampOf(std::int64_t{now} + 1 - std::int64_t{rules.startPollers}, rules);
    return m_rampedTo + std::max(next - m_ramp, Duration::zero());
}

} // namespace coldframe::engine
