#include "sim/arrivals.h"

#include <algorithm>
#include <cmath>

#include "sim/batch.h"
#include "sim/elementary.h"

namespace coldframe::sim {

namespace {

constexpr double kNsPerS = 1e9;
constexpr std::size_t kFillRun = 256;

/// Times as doubles are exact to the nanosecond for 104 days and to 16 ns for 4 years.
std::int64_t roundedNs(double ns)
{
    return ns < kLongestNs ? static_cast<std::int64_t>(ns + 0.5)
                           : static_cast<std::int64_t>(kLongestNs);
}

class Even final : public ArrivalTimes {
public:
    explicit Even(double rate) : m_period(kNsPerS / rate) { }
    std::size_t fill(std::span<std::int64_t> out) override
    {
        for (std::int64_t& time : out)
            time = roundedNs(static_cast<double>(m_next++) * m_period);
        return out.size();
    }

private:
    double m_period;
    std::uint64_t m_next = 0;
};

/// Independent gaps, added up as whole nanoseconds: no error grows.
class Gaps final : public ArrivalTimes {
public:
    Gaps(const Law& gap, Stream stream) : m_draws(gap, stream) { }
    std::size_t fill(std::span<std::int64_t> out) override
    {
        m_draws.fill(m_next, out);
        m_next += out.size();
        for (std::int64_t& time : out) {
            m_now = std::min<std::int64_t>(m_now + time, std::int64_t{1} << 62);
            time = m_now;
        }
        return out.size();
    }

private:
    Draws m_draws;
    std::uint64_t m_next = 0;
    std::int64_t m_now = 0;
};

/// A Poisson process of changing rate: one of rate 1 whose time runs as fast as the rate is high.
class Profiled final : public ArrivalTimes {
public:
    Profiled(const RateProfile& profile, Stream stream)
        : m_points(profile.points), m_repeats(profile.repeats), m_stream(stream)
    { }

    std::size_t fill(std::span<std::int64_t> out) override
    {
        std::size_t filled = 0;
        while (filled < out.size()) {
            if (m_at == kFillRun)
                draw();
            const double at = after(m_gaps[m_at++]);
            if (at < 0)
                break;
            out[filled++] = roundedNs(at * kNsPerS);
        }
        return filled;
    }

private:
    void draw()
    {
        batch().units(m_stream.key(), m_drawn, m_gaps, kFillRun);
        batch().exponential(1, m_gaps, kFillRun);
        m_drawn += kFillRun, m_at = 0;
    }

    /// Moves on until `load` more arrivals are expected to have come; -1 when that never happens.
    double after(double load)
    {
        for (std::uint64_t idleRounds = 0; idleRounds < 3;) {
            const bool last = m_segment + 1 >= m_points.size();
            if (last && !m_repeats) {
                const double rate = m_points.back().rate;
                if (rate <= 0)
                    return -1;
                m_within += load / rate;
                return m_origin + m_points.back().at + m_within;
            }
            if (last) {
                idleRounds += !m_arrived; // a whole round without any rate
                m_arrived = false;
                m_origin += m_points.back().at, m_segment = 0, m_within = 0;
                continue;
            }
            const auto &from = m_points[m_segment], &to = m_points[m_segment + 1];
            const double length = to.at - from.at;
            const double slope = length > 0 ? (to.rate - from.rate) / length : 0;
            const double rate = from.rate + slope * m_within, rest = length - m_within;
            const double left = rest * (rate + rate + slope * rest) / 2;
            if (left > 0)
                m_arrived = true;
            if (load > left || rest <= 0) {
                load -= std::max(left, 0.0);
                ++m_segment, m_within = 0;
                continue;
            }
            // Where the area under the line reaches the load; this form also holds for slope 0.
            const double root = squareRoot(std::max(rate * rate + 2 * slope * load, 0.0));
            m_within += 2 * load / (rate + root);
            return m_origin + from.at + m_within;
        }
        return -1;
    }

    const std::vector<RateProfile::Point>& m_points;
    bool m_repeats;
    Stream m_stream;
    std::uint64_t m_drawn = 0;
    std::size_t m_at = kFillRun;
    double m_gaps[kFillRun];
    double m_origin = 0, m_within = 0; ///< seconds: of the round under way, into the segment
    std::size_t m_segment = 0;
    bool m_arrived = false;
};

class OnOff final : public ArrivalTimes {
public:
    OnOff(const OnOffArrivals& model, std::uint64_t seed, std::uint64_t entity)
        : m_gap(Law::exponential(1 / model.rate)),
          m_gaps(Draws(m_gap, Stream(seed, Draw::Gap, entity))),
          m_on(Draws(model.on, Stream(seed, Draw::Phase, entity * 2))),
          m_off(Draws(model.off, Stream(seed, Draw::Phase, entity * 2 + 1)))
    {
        const double on = model.on.mean(), off = model.off.mean();
        const double u = unitOf(Stream(seed, Draw::Phase, ~entity).bits(0));
        if (u >= on / (on + off))
            m_begin = m_off.next();
        m_end = m_begin + m_on.next();
        m_now = m_begin;
    }
    /// What is left of a gap when a phase ends is as long as a new one: nothing is remembered.
    std::size_t fill(std::span<std::int64_t> out) override
    {
        for (std::int64_t& time : out) {
            std::int64_t next = m_now + m_gaps.next();
            while (next >= m_end) {
                if (m_end >= std::int64_t{1} << 61) {
                    next = std::int64_t{1} << 62;
                    break;
                }
                m_begin = m_end + m_off.next();
                m_end = m_begin + m_on.next();
                next = m_begin + m_gaps.next();
            }
            time = m_now = next;
        }
        return out.size();
    }

private:
    Law m_gap;
    Sequence m_gaps, m_on, m_off;
    std::int64_t m_begin = 0, m_end = 0, m_now = 0;
};

class Given final : public ArrivalTimes {
public:
    explicit Given(std::span<const std::int64_t> times) : m_rest(times) { }
    std::size_t fill(std::span<std::int64_t> out) override
    {
        const std::size_t count = std::min(out.size(), m_rest.size());
        std::ranges::copy(m_rest.first(count), out.begin());
        m_rest = m_rest.subspan(count);
        return count;
    }

private:
    std::span<const std::int64_t> m_rest;
};

/// Gaps of a law that the object owns.
class Poisson final : public ArrivalTimes {
public:
    Poisson(double rate, Stream stream) : m_law(Law::exponential(1 / rate)), m_gaps(m_law, stream)
    { }
    std::size_t fill(std::span<std::int64_t> out) override { return m_gaps.fill(out); }

private:
    Law m_law;
    Gaps m_gaps;
};

template <typename... Fs> struct Overloaded : Fs... {
    using Fs::operator()...;
};
template <typename... Fs> Overloaded(Fs...) -> Overloaded<Fs...>;

double areaUnder(const RateProfile& profile, double seconds)
{
    const auto upTo = [&](double end) {
        double sum = 0;
        for (std::size_t i = 1; i < profile.points.size(); ++i) {
            const auto &from = profile.points[i - 1], &to = profile.points[i];
            const double length = std::min(end, to.at) - from.at;
            if (length <= 0 || to.at <= from.at)
                continue;
            const double slope = (to.rate - from.rate) / (to.at - from.at);
            sum += length * (from.rate + slope * length / 2);
        }
        return sum;
    };
    const double period = profile.points.back().at;
    if (!profile.repeats)
        return upTo(seconds) + std::max(seconds - period, 0.0) * profile.points.back().rate;
    const double rounds = std::floor(seconds / period);
    return rounds * upTo(period) + upTo(seconds - rounds * period);
}

} // namespace

double expectedArrivals(const ArrivalModel& model, double seconds)
{
    return std::visit(
        Overloaded{[&](const EvenArrivals& m) { return m.rate * seconds; },
                   [&](const RandomArrivals& m) { return areaUnder(m.profile, seconds); },
                   [&](const GapArrivals& m) { return seconds / m.gap.mean(); },
                   [&](const OnOffArrivals& m) {
                       const double on = m.on.mean(), off = m.off.mean();
                       return m.rate * seconds * on / (on + off);
                   },
                   [&](const GivenArrivals& m) { return static_cast<double>(m.times->size()); },
                   [&](const ClosedLoop& m) {
                       return m.clients * std::max(1.0, seconds / std::max(m.think.mean(), 1e-6));
                   }},
        model);
}

std::unique_ptr<ArrivalTimes> arrivalTimes(const ArrivalModel& model, std::uint64_t seed,
                                           std::uint64_t entity)
{
    const Stream gaps(seed, Draw::Gap, entity);
    return std::visit(
        Overloaded{[&](const EvenArrivals& m) -> std::unique_ptr<ArrivalTimes> {
                       return std::make_unique<Even>(m.rate);
                   },
                   [&](const RandomArrivals& m) -> std::unique_ptr<ArrivalTimes> {
                       if (m.profile.points.size() == 1)
                           return std::make_unique<Poisson>(m.profile.points[0].rate, gaps);
                       return std::make_unique<Profiled>(m.profile, gaps);
                   },
                   [&](const GapArrivals& m) -> std::unique_ptr<ArrivalTimes> {
                       return std::make_unique<Gaps>(m.gap, gaps);
                   },
                   [&](const OnOffArrivals& m) -> std::unique_ptr<ArrivalTimes> {
                       return std::make_unique<OnOff>(m, seed, entity);
                   },
                   [&](const GivenArrivals& m) -> std::unique_ptr<ArrivalTimes> {
                       return std::make_unique<Given>(*m.times);
                   },
                   [&](const ClosedLoop&) -> std::unique_ptr<ArrivalTimes> {
                       return std::make_unique<Given>(std::span<const std::int64_t>());
                   }},
        model);
}

} // namespace coldframe::sim
