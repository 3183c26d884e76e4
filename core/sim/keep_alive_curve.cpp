#include "sim/keep_alive_curve.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "sim/calendar.h"

namespace coldframe::sim {

namespace {

constexpr std::size_t kCurveBlock = 1024;

struct CurveEnding {
    std::int64_t key = 0; ///< twice the time, plus one for a timeout: after what arrives then
    bool operator<(const CurveEnding& b) const { return key < b.key; }
};

/// IdleGaps of idle instances, by the shortest keep-alive that spans them.
class IdleGaps {
public:
    IdleGaps(std::span<const std::int64_t> edges, const Window& window)
        : m_edges(edges), m_window(window), m_buckets(edges.size() + 1), m_across(edges.size())
    { }

    /// The first keep-alive that makes the arrival warm; size() of them: none does.
    std::size_t bucketOf(std::int64_t gap) const
    {
        return static_cast<std::size_t>(std::ranges::lower_bound(m_edges, gap) - m_edges.begin());
    }
    void arrival(std::size_t bucket) { ++m_buckets[bucket].arrivals; }
    void opened() { ++m_opened; }
    /// An instance that would be idle in between, if it were kept so long.
    void idle(std::int64_t since, std::int64_t until, std::size_t bucket)
    {
        if (since < m_window.from) { // the end of the warm-up cuts each keep-alive elsewhere
            for (std::size_t edge = 0; edge < m_edges.size(); ++edge)
                m_across[edge]
                    += m_window.clipped(since, std::min(until, kept(since, m_edges[edge])));
            return;
        }
        ++m_buckets[bucket].gaps;
        m_buckets[bucket].sum += until - since;
    }

    std::vector<KeepAlivePoint> points() const
    {
        std::vector<KeepAlivePoint> points;
        std::uint64_t cold = m_opened, longer = 0;
        cost::Wide shorter = 0;
        for (const Bucket& bucket : m_buckets)
            cold += bucket.arrivals, longer += bucket.gaps;
        for (std::size_t edge = 0; edge < m_edges.size(); ++edge) {
            const Bucket& bucket = m_buckets[edge];
            cold -= bucket.arrivals, longer -= bucket.gaps, shorter += bucket.sum;
            points.push_back({m_edges[edge], cold,
                              shorter + cost::Wide(m_edges[edge]) * static_cast<cost::Wide>(longer)
                                  + m_across[edge]});
        }
        return points;
    }

private:
    static std::int64_t kept(std::int64_t since, std::int64_t keepAlive)
    {
        return keepAlive > std::numeric_limits<std::int64_t>::max() - since
            ? std::numeric_limits<std::int64_t>::max()
            : since + keepAlive;
    }
    struct Bucket {
        std::uint64_t arrivals = 0, gaps = 0;
        cost::Wide sum = 0;
    };
    std::span<const std::int64_t> m_edges;
    const Window& m_window;
    std::vector<Bucket> m_buckets;
    std::vector<cost::Wide> m_across; ///< of gaps that began in the warm-up, by keep-alive
    std::uint64_t m_opened = 0;
};

/// Whether starts so dense are ever refused. The fewest keep-alive starts most, and what is started
/// at a longer one is among those.
class Tokens {
public:
    explicit Tokens(const engine::TokenBucket& bucket) : m_bucket(bucket) { }
    void take(std::int64_t at)
    {
        if (m_bucket.capacity == 0)
            return;
        const std::int64_t each = m_bucket.refill.count() / m_bucket.capacity;
        m_bound = m_bound || at < m_from - (m_bucket.refill.count() - each);
        m_from = std::max(m_from, at) + each;
    }
    bool bound() const { return m_bound; }

private:
    const engine::TokenBucket& m_bucket;
    std::int64_t m_from = 0;
    bool m_bound = false;
};

std::uint32_t limitOn(const engine::Platform& platform, const engine::FunctionRules& rules)
{
    const std::uint32_t attempts = rules.reserved.value_or(platform.accountConcurrency);
    return std::min(attempts, rules.maxInstances.value_or(attempts));
}

std::string whyApproximate(const engine::Platform& platform, const FunctionModel& function,
                           std::int64_t peak, bool tokensBound)
{
    const engine::FunctionRules& rules = function.rules;
    const std::uint32_t limit = limitOn(platform, rules);
    if (platform.scaling.byTimer())
        return "a timer decides how many instances it has";
    if (rules.instanceConcurrency != 1)
        return "its instances serve several requests at once";
    if (rules.provisioned > 0)
        return "it has provisioned instances";
    if (platform.dispatch != engine::DispatchOrder::MostRecentlyUsed)
        return "the instance that went idle last is not the one that serves next";
    if (function.coldStart
        && (function.coldStart->sandboxNs > 0 || function.coldStart->law.kind != Law::Kind::Constant
            || function.coldStart->law.a > 0))
        return "its cold starts take time, during which an instance is busy";
    if (peak > limit)
        return fmt::format("{} at once are more than the {} it may have", peak, limit);
    if (tokensBound)
        return "more starts at once than the platform allows";
    if (function.delivery == engine::Delivery::Async
        && (function.failureShare > 0 || rules.timeout.count() > 0))
        return "events that fail come again";
    return {};
}

} // namespace

bool hasKeepAliveCurve(const FunctionModel& function)
{
    return !std::holds_alternative<ClosedLoop>(function.arrivals) && function.visits.empty()
        && !function.inBatches();
}

KeepAliveCurve keepAliveCurve(const engine::Platform& platform, const FunctionModel& function,
                              std::uint64_t seed, const Window& window,
                              std::span<const std::int64_t> keepAlivesNs, std::stop_token stop)
{
    KeepAliveCurve curve;
    IdleGaps gaps(keepAlivesNs, window);
    Tokens tokens(platform.scaleUp);
    const auto arrivals = arrivalTimes(function.arrivals, seed, function.entity());
    const Draws services(function.service, Stream(seed, Draw::Service, function.entity()));
    const std::int64_t timeout = function.rules.timeout.count() > 0
        ? function.rules.timeout.count()
        : std::numeric_limits<std::int64_t>::max() / 4;
    const double expected
        = expectedArrivals(function.arrivals, static_cast<double>(window.to) * 1e-9);
    Calendar<CurveEnding> endings(
        static_cast<std::int64_t>(2 * static_cast<double>(window.to) / std::max(expected, 1.0)));
    std::vector<std::int64_t> idleSince(function.allowedPrimed(), 0); // the last went idle last
    const auto endUntil = [&](std::int64_t key) {
        while (endings.next() <= key) {
            const std::int64_t ending = endings.take().key;
            if (ending % 2 == 0) // an instance goes down with an attempt that takes too long
                idleSince.push_back(ending / 2);
        }
    };
    std::int64_t times[kCurveBlock], took[kCurveBlock];
    std::uint64_t index = 0;
    for (bool more = true; more && !stop.stop_requested();) {
        const std::size_t count = arrivals->fill(times);
        more = count == kCurveBlock;
        services.fill(index, std::span(took).first(count));
        index += count;
        for (std::size_t i = 0; i < count; ++i) {
            const std::int64_t at = times[i];
            if (at >= window.to) {
                more = false;
                break;
            }
            endUntil(2 * at);
            const bool counts = at >= window.from;
            curve.arrived += counts;
            std::size_t bucket = keepAlivesNs.size();
            if (idleSince.empty()) {
                if (counts)
                    gaps.opened();
            } else {
                bucket = gaps.bucketOf(at - idleSince.back());
                gaps.idle(idleSince.back(), at, bucket);
                idleSince.pop_back();
                if (counts)
                    gaps.arrival(bucket);
            }
            if (bucket != 0)
                tokens.take(at);
            endings.add({2 * (at + std::min(took[i], timeout)) + (took[i] > timeout)});
            curve.peakInUse = std::max(curve.peakInUse, static_cast<std::int64_t>(endings.size()));
        }
    }
    endUntil(2 * window.to + 1);
    for (const std::int64_t since : idleSince)
        gaps.idle(since, window.to, gaps.bucketOf(window.to - since));
    curve.points = gaps.points();
    curve.approximate = whyApproximate(platform, function, curve.peakInUse, tokens.bound());
    return curve;
}

} // namespace coldframe::sim
