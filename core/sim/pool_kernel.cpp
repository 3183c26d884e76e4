#include "sim/pool_kernel.h"

#include <algorithm>
#include <deque>
#include <limits>

#include "sim/calendar.h"
#include "sim/figure_book.h"

namespace coldframe::sim {

namespace {

constexpr std::int64_t kEndless = std::numeric_limits<std::int64_t>::max() / 4;
constexpr std::size_t kBlock = 1024;
constexpr std::uint64_t kKernelProgressEvery = 64 * kBlock; ///< arrivals

/// An attempt under way ends. Order at one instant: what ends by itself, then arrivals, then
/// timeouts; hence twice the time, plus one for a timeout.
struct Ending {
    std::int64_t key = 0;
    bool operator<(const Ending& b) const { return key < b.key; }
};

/// Since when each idle instance has been idle: the most recent is taken, the longest goes first.
class IdleStack {
public:
    bool empty() const { return m_first == m_since.size(); }
    void push(std::int64_t since) { m_since.push_back(since); }
    std::int64_t mostRecent() const { return m_since.back(); }
    void dropMostRecent()
    {
        m_since.pop_back();
        tidy();
    }
    std::int64_t longest() const { return m_since[m_first]; }
    void dropLongest()
    {
        ++m_first;
        tidy();
    }

private:
    /// Keeps what was dropped at the front from piling up.
    void tidy()
    {
        if (m_first == m_since.size()) {
            m_since.clear();
            m_first = 0;
        } else if (m_first >= 1024 && m_first * 2 > m_since.size()) {
            m_since.erase(m_since.begin(), m_since.begin() + static_cast<std::ptrdiff_t>(m_first));
            m_first = 0;
        }
    }
    std::vector<std::int64_t> m_since;
    std::size_t m_first = 0;
};

/// engine::billedTime() without its division: by a reciprocal, put right where that is off by one.
class Billing {
public:
    explicit Billing(std::int64_t step) : m_step(step), m_inverse(1.0 / static_cast<double>(step))
    { }
    std::int64_t billed(std::int64_t ran) const
    {
        if (m_step <= 0)
            return ran;
        auto steps = static_cast<std::int64_t>(static_cast<double>(ran) * m_inverse);
        steps -= steps * m_step > ran;
        steps += steps * m_step < ran;
        return std::max<std::int64_t>(steps, 1) * m_step;
    }

private:
    std::int64_t m_step;
    double m_inverse;
};

/// Waits for one of the instances there may be.
struct Waiting {
    std::int64_t arrived = 0, service = 0;
    std::uint64_t index = 0;
};

class Kernel {
public:
    Kernel(const engine::Platform& platform, const FunctionModel& function, std::uint64_t seed,
           const Window& window);
    Figures run(const std::stop_token& stop, const std::function<void(std::int64_t)>& onProgress);

private:
    void arrive(const Waiting& in);
    void begin(const Waiting& in, std::int64_t at);
    void endUntil(std::int64_t key);
    void serveWaiting(std::int64_t at);
    void dropExpired(std::int64_t before);
    void retireIdle(std::int64_t before);
    bool takeToken(std::int64_t at);
    void adapt(std::span<const std::int64_t> times);

    const engine::Platform& m_platform;
    const FunctionModel& m_function;
    const Window m_window;
    const std::int64_t m_keepAlive, m_limit, m_timeout, m_deadline;
    const bool m_queues, m_replaced;
    FigureBook m_book;
    std::unique_ptr<ArrivalTimes> m_arrivals;
    Draws m_services, m_cold;
    Stream m_failures;
    Billing m_billing;
    std::int64_t m_tokensFrom = 0;
    IdleStack m_idle;
    std::deque<Waiting> m_queue;
    Calendar<Ending> m_endings;
};

std::int64_t keepAliveOf(const engine::Platform& platform)
{
    const auto& survival = platform.keepAlive.survival;
    return survival.empty() ? kEndless : survival.front().idle.count();
}

std::int64_t limitOf(const engine::Platform& platform, const FunctionModel& function)
{
    const engine::FunctionRules& rules = function.rules;
    const std::uint32_t attempts = rules.reserved.value_or(platform.accountConcurrency);
    return std::min(attempts, rules.maxInstances.value_or(attempts));
}

Kernel::Kernel(const engine::Platform& platform, const FunctionModel& function, std::uint64_t seed,
               const Window& window)
    : m_platform(platform), m_function(function), m_window(window),
      m_keepAlive(keepAliveOf(platform)), m_limit(limitOf(platform, function)),
      m_timeout(function.rules.timeout.count() > 0 ? function.rules.timeout.count() : kEndless),
      m_deadline(platform.saturation.deadline.count() > 0 ? platform.saturation.deadline.count()
                                                          : kEndless),
      m_queues(platform.saturation.policy == engine::Saturation::Policy::Queue),
      m_replaced(function.coldStart && function.coldStart->mode == ColdStart::Mode::Replaced),
      m_book(window), m_arrivals(arrivalTimes(function.arrivals, seed, function.entity())),
      m_services(function.service, Stream(seed, Draw::Service, function.entity())),
      m_failures(seed, Draw::Failure, function.entity()), m_billing(platform.billingStep.count())
{
    if (function.coldStart)
        m_cold
            = Draws(function.coldStart->law,
                    Stream(seed, m_replaced ? Draw::ColdService : Draw::Init, function.entity()));
}

Figures Kernel::run(const std::stop_token& stop,
                    const std::function<void(std::int64_t)>& onProgress)
{
    std::int64_t times[kBlock], services[kBlock];
    std::uint64_t index = 0;
    for (std::uint32_t i = 0; i < m_function.allowedPrimed(); ++i)
        m_idle.push(0);
    m_book.alive.change(0, m_function.allowedPrimed());
    for (bool more = true; more && !stop.stop_requested();) {
        const std::size_t count = m_arrivals->fill(times);
        more = count == kBlock;
        m_services.fill(index, std::span(services).first(count));
        adapt(std::span(times).first(count));
        for (std::size_t i = 0; i < count; ++i, ++index) {
            if (times[i] >= m_window.to) {
                more = false;
                break;
            }
            arrive({times[i], services[i], index});
        }
        if (onProgress && more && index % kKernelProgressEvery == 0)
            onProgress(times[count - 1]);
    }
    endUntil(2 * m_window.to + 1);
    retireIdle(m_window.to);
    dropExpired(m_window.to + 1);
    for (const Waiting& each : m_queue)
        m_book.waiting(each.arrived);
    return m_book.close();
}

void Kernel::adapt(std::span<const std::int64_t> times)
{
    if (times.size() < 2)
        return;
    const std::int64_t distance
        = 2 * (times.back() - times.front()) / static_cast<std::int64_t>(times.size());
    if (distance > 4 * m_endings.distance() || distance * 4 < m_endings.distance())
        m_endings.setDistance(distance);
}

void Kernel::arrive(const Waiting& in)
{
    const std::int64_t at = in.arrived;
    if (m_endings.next() <= 2 * at)
        endUntil(2 * at);
    m_book.arrived(at);
    if (m_book.inUse.count() >= m_limit) {
        if (!m_queues)
            return m_book.rejected(at);
        dropExpired(at);
        const std::uint32_t most = m_platform.saturation.maxLength;
        if (most > 0 && m_queue.size() >= most)
            return m_book.rejected(at);
        m_queue.push_back(in);
        return;
    }
    begin(in, at);
}

/// On an idle instance, or on a new one.
void Kernel::begin(const Waiting& in, std::int64_t at)
{
    std::int64_t service = in.service, init = 0, sandbox = 0;
    bool cold = true;
    if (!m_idle.empty() && at - m_idle.mostRecent() <= m_keepAlive) {
        m_idle.dropMostRecent();
        cold = false;
    } else {
        retireIdle(at);
        if (!takeToken(at))
            return m_book.rejected(in.arrived);
        m_book.alive.change(at, 1);
        m_book.instanceStarted(at);
        if (m_replaced)
            service = m_cold.at(in.index);
        else if (m_function.coldStart) {
            sandbox = m_function.coldStart->sandboxNs;
            init = m_cold.at(in.index);
        }
        m_book.init(at, at + sandbox + init);
    }
    const bool timedOut = service > m_timeout;
    service = std::min(service, m_timeout);
    const std::int64_t end = at + sandbox + init + service;
    m_book.inUse.change(at, 1);
    m_book.started(in.arrived, at, cold);
    m_endings.add({2 * end + timedOut});
    m_book.attempt({.arrivedAt = in.arrived,
                    .end = end,
                    .service = service,
                    .billed = m_billing.billed(m_platform.initBilled ? init + service : service),
                    .failed = !timedOut && m_function.failureShare > 0
                        && unitOf(m_failures.bits(in.index)) < m_function.failureShare,
                    .timedOut = timedOut});
}

/// Ends every attempt whose time comes before an arrival's, or the end's.
void Kernel::endUntil(std::int64_t key)
{
    while (m_endings.next() <= key) {
        const std::int64_t ending = m_endings.take().key;
        const std::int64_t at = ending / 2;
        m_book.inUse.change(at, -1);
        if (ending % 2 == 0) {
            m_idle.push(at);
        } else { // the instance went down with its attempt
            retireIdle(at);
            m_book.alive.change(at, -1);
        }
        if (!m_queue.empty())
            serveWaiting(at);
    }
}

void Kernel::serveWaiting(std::int64_t at)
{
    dropExpired(at);
    if (m_queue.empty())
        return;
    const Waiting next = m_queue.front();
    m_queue.pop_front();
    begin(next, at);
}

void Kernel::dropExpired(std::int64_t before)
{
    for (; !m_queue.empty() && m_queue.front().arrived + m_deadline < before; m_queue.pop_front())
        m_book.expired(m_queue.front().arrived);
}

void Kernel::retireIdle(std::int64_t before)
{
    for (; !m_idle.empty() && m_idle.longest() + m_keepAlive < before; m_idle.dropLongest())
        m_book.alive.change(m_idle.longest() + m_keepAlive, -1);
}

/// As Engine::State::takeToken().
bool Kernel::takeToken(std::int64_t at)
{
    const engine::TokenBucket& bucket = m_platform.scaleUp;
    if (bucket.capacity == 0)
        return true;
    const std::int64_t each = bucket.refill.count() / bucket.capacity;
    if (at < m_tokensFrom - (bucket.refill.count() - each))
        return false;
    m_tokensFrom = std::max(m_tokensFrom, at) + each;
    return true;
}

/// Whether every number of the law is surely below this many ns.
bool staysBelow(const Law& law, std::int64_t ns)
{
    const double limit = static_cast<double>(ns) * 1e-9 / law.factor;
    switch (law.kind) {
    case Law::Kind::Constant:
        return law.a < limit;
    case Law::Kind::Uniform:
        return law.b < limit;
    case Law::Kind::Quantiles:
        return law.quantiles.back().seconds < limit;
    case Law::Kind::Samples:
        return static_cast<double>(std::ranges::max(law.samples)) * 1e-9 < limit;
    default:
        return false;
    }
}

} // namespace

bool kernelIsExact(const engine::Platform& platform, const FunctionModel& function)
{
    const engine::FunctionRules& rules = function.rules;
    const bool oneFixedKeepAlive = platform.keepAlive.survival.size() <= 1
        && platform.keepAlive.kind == engine::KeepAlive::Kind::Survival;
    // Which comes first at one instant, a timeout or the end of a wait, only the engine knows; and
    // when tokens come back to those who wait.
    const bool queues = platform.saturation.policy == engine::Saturation::Policy::Queue;
    const bool plainQueue = !queues
        || (platform.scaleUp.capacity == 0
            && (rules.timeout.count() <= 0 || platform.saturation.deadline.count() <= 0));
    const bool plain = plainQueue && rules.maxInstances != 0U && rules.instanceConcurrency == 1
        && function.visits.empty() && !function.stream;
    const bool initInTime = !function.coldStart
        || function.coldStart->mode != ColdStart::Mode::Added || platform.initLimit.count() <= 0
        || staysBelow(function.coldStart->law, platform.initLimit.count());
    return platform.dispatch == engine::DispatchOrder::MostRecentlyUsed && oneFixedKeepAlive
        && plain && initInTime && !platform.scaling.byTimer()
        && function.delivery == engine::Delivery::Sync && rules.provisioned == 0
        && rules.reserved != 0U && function.clientRetry.tries == 1
        && !std::holds_alternative<ClosedLoop>(function.arrivals);
}

Figures simulateKernel(const engine::Platform& platform, const FunctionModel& function,
                       std::uint64_t seed, const Window& window, std::stop_token stop,
                       const std::function<void(std::int64_t)>& onProgress)
{
    return Kernel(platform, function, seed, window).run(stop, onProgress);
}

} // namespace coldframe::sim
