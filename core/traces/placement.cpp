#include "traces/placement.h"

#include <algorithm>

#include "sim/batch.h"
#include "sim/elementary.h"
#include "sim/stream.h"

namespace coldframe::traces {

namespace {

constexpr std::uint32_t kBlock = 2048; // stays in the first cache with what the pool keeps

/// The place below which the share u of a minute's arrivals lies when their rate runs along a
/// straight line from `from` to `to`: the solution of from x + (to - from) x²/2 = u (from + to)/2.
double alongLine(double u, double from, double to)
{
    const double y = u * (from + to) / 2;
    return 2 * y / (from + sim::squareRoot(from * from + 2 * (to - from) * y));
}

} // namespace

MinuteCount minuteCount(const Cells& cells, std::size_t i, std::uint64_t entity)
{
    const std::size_t minute = cells.minutes[i];
    const bool hasBefore = i > 0 && cells.minutes[i - 1] + 1U == minute;
    const bool hasAfter = i + 1 < cells.minutes.size() && minute + 1 == cells.minutes[i + 1];
    return {.entity = entity,
            .minute = minute,
            .count = cells.counts[i],
            .before = hasBefore ? cells.counts[i - 1] : 0,
            .after = hasAfter ? cells.counts[i + 1] : 0};
}

void Placement::begin(const MinuteCount& minute)
{
    m_minute = minute;
    m_left = minute.count;
    m_at = static_cast<std::int64_t>(minute.minute) * kMinuteUs;
    m_rest = 0;
}

std::span<const std::int64_t> Placement::next()
{
    if (m_left == 0)
        return {};
    if (m_arrivals == Arrivals::Even) {
        m_times.resize(kBlock);
        const std::uint32_t length = std::min(m_left, kBlock);
        fillEven();
        return std::span(m_times).first(length);
    }
    draw();
    return m_times;
}

/// Arrival i of n at floor(60,000,000 i / n) µs, without a division for each.
void Placement::fillEven()
{
    const std::uint32_t length = std::min(m_left, kBlock);
    const std::uint64_t n = m_minute.count;
    const auto step = static_cast<std::int64_t>(kMinuteUs / n);
    const std::uint64_t restStep = kMinuteUs % n;
    std::int64_t at = m_at;
    std::uint64_t rest = m_rest;
    for (std::uint32_t i = 0; i < length; ++i) {
        m_times[i] = at;
        rest += restStep;
        const bool carry = rest >= n;
        rest -= carry ? n : 0;
        at += step + carry;
    }
    m_at = at;
    m_rest = rest;
    m_left -= length;
}

/// Gaps that follow the exponential law, scaled to the minute, are the sorted places of arrivals
/// that are each anywhere as likely: no sorting.
void Placement::draw()
{
    const std::size_t n = m_left;
    const sim::Stream stream(m_seed, sim::Draw::Place, m_minute.entity);
    m_units.resize(n + 1);
    sim::batch().units(stream.key(), std::uint64_t{m_minute.minute} << 32, m_units.data(), n + 1);
    sim::batch().exponential(1.0, m_units.data(), n + 1);
    double sum = 0;
    for (double& unit : m_units)
        unit = sum += unit;
    const double scale = 1.0 / sum;
    const double own = m_minute.count;
    const double from = (m_minute.before + own) / 2, to = (own + m_minute.after) / 2;
    m_times.resize(n);
    std::int64_t latest = 0; // roundings must not turn two that are almost at once
    for (std::size_t i = 0; i < n; ++i) {
        const double u = m_units[i] * scale;
        const double place = m_arrivals == Arrivals::Empirical ? alongLine(u, from, to) : u;
        const auto offset = static_cast<std::int64_t>(place * static_cast<double>(kMinuteUs));
        latest = std::max(latest, std::min(offset, kMinuteUs - 1));
        m_times[i] = m_at + latest;
    }
    m_left = 0;
}

} // namespace coldframe::traces
