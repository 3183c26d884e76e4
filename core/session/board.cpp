#include "session/board.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace coldframe::session {

namespace {

constexpr std::size_t kMaxNotices = 100;
constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();

FunctionId functionOf(const engine::Action& action)
{
    return std::visit(
        [](const auto& a) {
            if constexpr (requires { a.function; })
                return a.function;
            else
                return kNoFunction;
        },
        action);
}

/// These may change pools and limits without asking for anything.
bool changesPoolsSilently(const engine::Input& input)
{
    return std::holds_alternative<engine::Ready>(input)
        || std::holds_alternative<engine::Cancelled>(input)
        || std::holds_alternative<engine::Configured>(input);
}

} // namespace

std::uint64_t& Board::Recent::slot(TimePoint now)
{
    const std::int64_t second = now.time_since_epoch() / std::chrono::seconds(1);
    const std::int64_t size = static_cast<std::int64_t>(m_seconds.size());
    for (std::int64_t s = std::max(m_second + 1, second - size + 1); s <= second; ++s)
        m_seconds[static_cast<std::size_t>(s % size)] = 0;
    m_second = std::max(m_second, second);
    return m_seconds[static_cast<std::size_t>(second % size)];
}

std::uint64_t Board::Recent::count(TimePoint now)
{
    slot(now);
    std::uint64_t sum = 0;
    for (const std::uint64_t n : m_seconds)
        sum += n;
    return sum;
}

void Board::begin(TimePoint now)
{
    m_startedAt = m_firstBucketAt = now;
    m_buckets.emplace_back();
}

void Board::setPrices(cost::PriceBook prices, cost::Architecture architecture)
{
    m_prices = std::move(prices);
    m_architecture = architecture;
    m_priced = true;
}

void Board::setFunctions(std::size_t functions)
{
    m_functions.resize(std::max(functions, m_functions.size()));
}

void Board::setTriggers(std::size_t triggers)
{
    m_triggers.resize(triggers);
}

/// The bucket `now` falls into; closes the ones before it.
Bucket& Board::bucket(TimePoint now)
{
    const Duration span = kBucketLength * static_cast<std::int64_t>(m_buckets.size());
    if (now - m_firstBucketAt >= span + kBucketLength * kBuckets) {
        // A silence longer than all that is shown: begin with empty buckets.
        closeBucket();
        Bucket quiet = m_buckets.back();
        quiet = {.p50Ms = kNothing, .p95Ms = kNothing, .p99Ms = kNothing};
        m_firstBucketAt += (now - m_firstBucketAt) / kBucketLength * kBucketLength
            - kBucketLength * (kBuckets - 1);
        price(quiet);
        quiet.idle = static_cast<float>(m_idle);
        m_buckets.assign(kBuckets - 1, quiet);
        m_closedLatencies.assign(kBuckets - 1, {});
        m_allLatencies = {};
        m_buckets.emplace_back();
    }
    while (now >= m_firstBucketAt + kBucketLength * static_cast<std::int64_t>(m_buckets.size())) {
        closeBucket();
        Bucket next;
        next.busy = static_cast<float>(m_busy);
        next.idle = static_cast<float>(m_idle);
        next.initialising = static_cast<float>(m_initialising);
        m_buckets.push_back(next);
        if (m_buckets.size() > kBuckets) {
            m_buckets.pop_front();
            m_firstBucketAt += kBucketLength;
        }
    }
    return m_buckets.back();
}

void Board::closeBucket()
{
    Bucket& last = m_buckets.back();
    last.p50Ms = m_latencies.quantileMs(0.50);
    last.p95Ms = m_latencies.quantileMs(0.95);
    last.p99Ms = m_latencies.quantileMs(0.99);
    price(last);
    m_closedLatencies.push_back(m_latencies);
    m_latencies = {};
    if (m_closedLatencies.size() >= kBuckets) {
        m_allLatencies.subtract(m_closedLatencies.front());
        m_closedLatencies.pop_front();
    }
}

void Board::price(Bucket& bucket) const
{
    if (!m_priced)
        return;
    const cost::BillOptions full{.freeTier = false};
    cost::Meters requests, held;
    requests[cost::Resource::Requests] = m_meters[cost::Resource::Requests];
    for (const cost::Architecture architecture : cost::kArchitectures)
        for (const cost::Resource kept :
             {cost::computeOf(architecture, true), cost::heldOf(architecture)})
            held[kept] = m_meters[kept];
    bucket.requestsUsd = cost::billTotal(requests, m_prices, full).toDollars();
    bucket.provisionedUsd = cost::billTotal(held, m_prices, full).toDollars();
    bucket.computeUsd
        = std::max(0.0, m_totals.cost.toDollars() - bucket.requestsUsd - bucket.provisionedUsd);
}

void Board::recount(const engine::Engine& engine, FunctionId function)
{
    FunctionTally& tally = m_functions[function];
    const engine::PoolCounts now = engine.counts(function);
    m_busy += now.busy - tally.counts.busy;
    m_idle += now.idle - tally.counts.idle;
    m_initialising += now.initialising - tally.counts.initialising;
    tally.counts = now;
}

void Board::stepped(TimePoint now, const engine::Engine& engine, const engine::Input& input,
                    std::span<const engine::Action> actions)
{
    Bucket& current = bucket(now); // first: it begins with the pool as it was until now
    m_lanes.input(now, input);
    if (std::holds_alternative<engine::Arrived>(input))
        ++current.arrived;
    for (const engine::Action& action : actions) {
        m_lanes.action(now, action);
        count(current, action);
        const FunctionId function = functionOf(action);
        if (function < m_functions.size())
            recount(engine, function);
    }
    if (actions.empty() && !changesPoolsSilently(input))
        return;
    if (changesPoolsSilently(input))
        for (FunctionId function = 0; function < m_functions.size(); ++function)
            recount(engine, function);
    keepFullest(current);
}

/// The three are stacked in a chart, so they must have been true at one moment: the highest of each
/// would add up to instances that never were.
void Board::keepFullest(Bucket& bucket) const
{
    const auto rank = [](float busy, float idle, float initialising) {
        return std::tuple(busy + idle + initialising, busy + initialising, initialising);
    };
    const auto busy = static_cast<float>(m_busy), idle = static_cast<float>(m_idle),
               initialising = static_cast<float>(m_initialising);
    if (rank(busy, idle, initialising) <= rank(bucket.busy, bucket.idle, bucket.initialising))
        return;
    bucket.busy = busy;
    bucket.idle = idle;
    bucket.initialising = initialising;
}

/// What charts count of an action, at the time of the step that took it: as a replay counts it.
void Board::count(Bucket& bucket, const engine::Action& action)
{
    if (const auto* reject = std::get_if<engine::Reject>(&action)) {
        if (reject->reason.why != engine::Why::CancelledByUser)
            ++bucket.throttled;
        return;
    }
    const auto* meter = std::get_if<engine::Meter>(&action);
    if (!meter || meter->debugged)
        return;
    ++bucket.ended;
    if (meter->outcome != engine::Outcome::Succeeded)
        ++bucket.failed;
    if (meter->cold)
        ++bucket.cold;
    if (meter->deskWaited)
        return;
    const Duration seen = meter->platform + meter->init + (meter->cold ? m_sandbox : Duration{});
    m_latencies.add(seen);
    m_allLatencies.add(seen);
}

void Board::event(TimePoint now, std::int32_t trigger)
{
    ++m_totals.events;
    if (trigger >= 0 && static_cast<std::size_t>(trigger) < m_triggers.size()) {
        TriggerTally& tally = m_triggers[static_cast<std::size_t>(trigger)];
        ++tally.events;
        ++tally.waiting;
        tally.recent.add(now);
    }
}

void Board::filteredOut(std::int32_t trigger)
{
    ++m_totals.filteredOut;
    if (trigger >= 0 && static_cast<std::size_t>(trigger) < m_triggers.size())
        ++m_triggers[static_cast<std::size_t>(trigger)].filteredOut;
}

void Board::triggerEnded(std::int32_t trigger)
{
    if (trigger >= 0 && static_cast<std::size_t>(trigger) < m_triggers.size()
        && m_triggers[static_cast<std::size_t>(trigger)].waiting > 0)
        --m_triggers[static_cast<std::size_t>(trigger)].waiting;
}

void Board::ended(FunctionId function, bool succeeded, bool comesAgain)
{
    ++m_totals.invocations;
    m_totals.comingAgain += !succeeded && comesAgain ? 1 : 0;
    ++(succeeded ? m_totals.succeeded : m_totals.failed);
    if (function >= m_functions.size())
        return;
    FunctionTally& tally = m_functions[function];
    ++tally.view.invocations;
    ++(succeeded ? tally.view.succeeded : tally.view.failed);
    tally.failed = !succeeded;
}

Money Board::attempt(TimePoint now, const engine::Meter& meter, std::uint32_t ephemeralMb)
{
    bucket(now); // what has ended is priced without it
    if (meter.debugged)
        return {};
    if (meter.cold) {
        ++m_totals.coldStarts;
        if (meter.function < m_functions.size())
            ++m_functions[meter.function].view.coldStarts;
    }
    cost::add(m_meters, cost::attemptMeter(meter, m_architecture, ephemeralMb, 0, m_prices));
    const Money before = m_totals.cost;
    m_totals.cost = cost::billTotal(m_meters, m_prices, {.freeTier = false});
    return m_totals.cost - before;
}

void Board::throttled(TimePoint now, FunctionId function)
{
    ++m_totals.throttled;
    if (function < m_functions.size()) {
        ++m_functions[function].view.throttled;
        m_functions[function].throttles.add(now);
    }
}

void Board::mark(TimePoint now, std::string text)
{
    m_marks.push_back({now, std::move(text)});
    if (m_marks.size() > kMaxMarks)
        m_marks.pop_front();
}

void Board::notice(TimePoint now, Notice::Severity severity, std::string text, std::string hint)
{
    m_notices.push_back({now, severity, std::move(text), std::move(hint)});
    if (m_notices.size() > kMaxNotices) {
        m_notices.pop_front();
        ++m_noticesDropped;
    }
}

void Board::fill(Snapshot& snapshot, TimePoint now)
{
    bucket(now);
    snapshot.startedAt = m_startedAt;
    snapshot.firstBucketAt = m_firstBucketAt;
    snapshot.buckets.assign(m_buckets.begin(), m_buckets.end());
    Bucket& filling = snapshot.buckets.back();
    filling.p50Ms = m_latencies.quantileMs(0.50);
    filling.p95Ms = m_latencies.quantileMs(0.95);
    filling.p99Ms = m_latencies.quantileMs(0.99);
    price(filling);
    snapshot.p95Ms
        = m_allLatencies.empty() ? 0 : static_cast<double>(m_allLatencies.quantileMs(0.95));

    float limit = 0, shared = 0; // the account's is one, however many share it
    for (FunctionTally& tally : m_functions) {
        FunctionView view = tally.view;
        view.pool = tally.counts;
        view.recentThrottles = tally.throttles.count(now);
        view.state = view.recentThrottles > 0             ? "throttled"
            : tally.failed                                ? "failing"
            : view.pool.busy + view.pool.initialising > 0 ? "running"
                                                          : "idle";
        if (view.pool.shares)
            shared = std::max(shared, static_cast<float>(view.pool.limit));
        else
            limit += static_cast<float>(view.pool.limit);
        snapshot.functions.push_back(view);
    }
    filling.limit = m_buckets.back().limit = limit + shared;
    for (TriggerTally& tally : m_triggers) {
        TriggerView view;
        view.events = tally.events;
        view.waiting = tally.waiting;
        view.filteredOut = tally.filteredOut;
        view.perSecond = static_cast<double>(tally.recent.count(now)) / 10.0;
        snapshot.triggers.push_back(std::move(view));
    }
    snapshot.lanes = m_lanes.lanes(now, snapshot.lanesHidden);
    snapshot.totals = m_totals;
    snapshot.sandbox = m_sandbox;
    while (!m_marks.empty() && now - m_marks.front().at > kBucketLength * kBuckets)
        m_marks.pop_front();
    snapshot.marks.assign(m_marks.begin(), m_marks.end());
    snapshot.notices.assign(m_notices.begin(), m_notices.end());
    snapshot.noticesDropped = m_noticesDropped;
}

} // namespace coldframe::session
