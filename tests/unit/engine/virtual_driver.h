#pragma once

#include <cstdlib>
#include <optional>
#include <queue>
#include <random>
#include <vector>

#include "harness.h"
#include "ledger.h"

// A made-up world around the engine, in virtual time: random functions, arrivals, durations,
// failures, crashes, reloads, changed limits, cancellations. Everything comes from the seed.
namespace coldframe::engine::test {

struct Tally {
    std::uint64_t arrived = 0, rejected = 0, accepted = 0, dispatched = 0, metered = 0;
    std::uint64_t deadLettered = 0, acked = 0, released = 0, started = 0, stopped = 0;
    std::uint64_t syncEnded = 0;
};

/// With these seeds and greater ones, a timer decides how many instances there are.
inline constexpr std::uint64_t kTimedSeeds = 1'000'000;

class VirtualDriver {
public:
    explicit VirtualDriver(std::uint64_t seed) : m_random(seed)
    {
        m_configuration = oneFunction();
        Configuration& c = m_configuration;
        c.seed = seed;
        c.functions.resize(1 + pick(4), c.functions[0]);
        c.platform.dispatch = static_cast<DispatchOrder>(pick(5));
        c.platform.accountConcurrency = 1 + pick(30);
        if (pick(2))
            c.platform.scaleUp = {.capacity = 1 + pick(5), .refill = 10s};
        varyKeepAlive();
        varySaturation();
        c.timeScale = pick(2) ? 1 : 100;
        m_timed = seed > kTimedSeeds;
        for (FunctionRules& f : c.functions)
            varyLimits(f);
        if (m_timed)
            varyScaling();
        ledger.emplace(c);
        step(Configured{engine.define(c)});
        for (int i = 0; i < 300; ++i)
            push(at(pick(20'000)), ArrivalSoon{});
        for (std::uint32_t i = 0; i < 4 + pick(8); ++i)
            push(at(pick(20'000)), Disturbance{});
    }

    /// Runs until nothing is left to happen. With `ticks`, timers fire too, now and then late.
    void run(bool ticks)
    {
        while (!m_queue.empty() || engine.nextDeadline() || makeRoom()) {
            const auto deadline = engine.nextDeadline();
            if (m_queue.empty() || (deadline && *deadline < m_queue.top().at)) {
                m_now = *deadline + std::chrono::nanoseconds(1);
                if (!m_queue.empty())
                    m_now = std::min(m_now, m_queue.top().at);
                step(Tick{});
                continue;
            }
            const Happening next = m_queue.top();
            m_queue.pop();
            m_now = next.at;
            if (ticks && pick(3) == 0)
                step(Tick{});
            happen(next);
        }
    }

    Engine engine;
    Tally tally;
    std::vector<std::pair<TimePoint, Input>> inputs;
    Actions actions; ///< of the whole run
    std::optional<Ledger> ledger;

private:
    struct ArrivalSoon { };
    struct Disturbance { };
    using What = std::variant<ArrivalSoon, Disturbance, Input>;
    struct Happening {
        TimePoint at;
        std::uint64_t order;
        What what;
        bool operator<(const Happening& b) const
        {
            return at != b.at ? at > b.at : order > b.order;
        }
    };

    std::uint32_t pick(std::uint32_t n) { return static_cast<std::uint32_t>(m_random() % n); }
    void push(TimePoint when, What what) { m_queue.push({when, ++m_order, std::move(what)}); }
    FunctionId anyFunction()
    {
        return pick(static_cast<std::uint32_t>(m_configuration.functions.size()));
    }

    void varyLimits(FunctionRules& f)
    {
        f.reserved.reset();
        if (pick(3) == 0)
            f.reserved = pick(4);
        f.provisioned = pick(4) == 0 && f.reserved != 0U && !m_timed ? 1 : 0;
        f.maxInstances.reset();
        if (pick(3) == 0)
            f.maxInstances = 1 + pick(4);
        constexpr std::uint32_t kConcurrency[] = {1, 1, 2, 5, 0};
        f.instanceConcurrency = kConcurrency[pick(5)];
        f.retries = pick(3);
        f.timeout = std::chrono::milliseconds(200 + pick(2000));
        f.maxEventAge = pick(2) ? Duration(6h) : Duration(60s);
    }

    /// Calls without a deadline wait for ever where reservations leave the account nothing: in the
    /// end it gets larger. False when that was done before or nothing waits.
    bool makeRoom()
    {
        bool waits = false;
        for (FunctionId f = 0; f < m_configuration.functions.size(); ++f)
            waits = waits || engine.counts(f).waiting > 0;
        std::uint32_t& account = m_configuration.platform.accountConcurrency;
        if (!waits || account >= 1000)
            return false;
        account = 1000;
        step(Configured{engine.define(m_configuration)});
        return true;
    }

    void varyKeepAlive()
    {
        KeepAlive& k = m_configuration.platform.keepAlive;
        k = {.survival = {{std::chrono::milliseconds(pick(3000)), 0}}};
        switch (pick(6)) {
        case 0:
        case 1:
            k.survival = {{1s, 1}, {2s, 0.5}, {4s, 0}};
            break;
        case 2:
            k.survival.clear(); // for ever
            break;
        case 3:
            k.kind = KeepAlive::Kind::None;
            break;
        case 4:
            k.kind = KeepAlive::Kind::Histogram;
            k.fallback = std::chrono::seconds(1 + pick(3));
            break;
        default: // one fixed time
            break;
        }
    }

    void varySaturation()
    {
        Saturation& s = m_configuration.platform.saturation;
        s.policy = pick(2) ? Saturation::Policy::Queue : Saturation::Policy::Reject;
        s.maxLength = pick(2) ? pick(8) : 0;
        s.deadline = std::chrono::milliseconds(pick(2) ? pick(1500) : 0);
    }

    /// Coarse and short, so that much is decided; instances always go in the end, and with them
    /// the ticks.
    void varyScaling()
    {
        Platform& platform = m_configuration.platform;
        platform.accountConcurrency = 1000; // else calls wait for ever, and ticks never end
        Scaling& s = platform.scaling;
        s.decider = pick(2) ? Scaling::Decider::Kpa : Scaling::Decider::Target;
        s.tick = std::chrono::milliseconds(250 << pick(3));
        s.panicWindow = 1s;
        s.window = std::chrono::seconds(1 + pick(6));
        s.target = 1 + pick(4);
        s.targetUse = kWhole * (3 + pick(8)) / 10;
        s.maxUpRate = kWhole * (2 + pick(10)) / (1 + pick(2)) + 1;
        s.toZeroGrace = std::chrono::milliseconds(500 * pick(5));
        s.downDelay = std::chrono::milliseconds(500 * pick(4));
        s.burstCapacity = pick(4);
        s.addAtMost = pick(3);
        s.onDemand = pick(2) != 0;
        const KeepAlive& k = platform.keepAlive;
        s.retires = pick(2) != 0 || (k.kind == KeepAlive::Kind::Survival && k.survival.empty());
        platform.saturation.startups = pick(2) ? kWhole * 2 : 0;
    }

    void happen(const Happening& next)
    {
        if (const Input* input = std::get_if<Input>(&next.what)) {
            step(*input);
        } else if (std::holds_alternative<ArrivalSoon>(next.what)) {
            ++tally.arrived;
            const bool async = pick(2) != 0;
            m_async.push_back(async);
            step(Arrived{.function = anyFunction(),
                         .delivery = async ? Delivery::Async : Delivery::Sync,
                         .bytes = pick(400'000)});
        } else {
            disturb();
        }
    }

    void disturb()
    {
        switch (pick(5)) {
        case 4:
            prime(anyFunction());
            break;
        case 0:
            step(CodeChanged{anyFunction()});
            break;
        case 1:
            varyLimits(m_configuration.functions[anyFunction()]);
            if (pick(3) == 0)
                varySaturation();
            step(Configured{engine.define(m_configuration)});
            break;
        case 2:
            ++m_configuration.functions[anyFunction()].instanceKey;
            step(Configured{engine.define(m_configuration)});
            break;
        default:
            if (!m_known.empty())
                step(Cancelled{m_known[pick(static_cast<std::uint32_t>(m_known.size()))]});
        }
    }

    void prime(FunctionId function)
    {
        const std::uint32_t idle = engine.counts(function).idle;
        // Waiting events would have it at once; then it is not seen among the idle.
        if (engine.counts(function).waiting > 0)
            return;
        step(Primed{function, std::chrono::milliseconds(pick(3000))});
        if (engine.counts(function).idle == idle)
            return;
        ++tally.started;
        ledger->primed(function, m_configuration.functions[function].instanceConcurrency);
    }

    void step(const Input& input)
    {
        inputs.emplace_back(m_now, input);
        const std::size_t before = actions.size();
        if (const auto* own = std::get_if<Configured>(&input))
            ledger->configured(engine.revision(own->revision));
        if (const auto* changed = std::get_if<CodeChanged>(&input))
            ledger->codeChanged(changed->function);
        if (const auto* ready = std::get_if<Ready>(&input))
            ledger->ready(ready->instance);
        if (const auto* paused = std::get_if<DebugPaused>(&input))
            ledger->paused(paused->instance);
        engine.step(m_now, input, actions);
        for (std::size_t i = before; i < actions.size(); ++i)
            ledger->see(m_now, actions[i]);
        for (std::size_t i = before; i < actions.size(); ++i)
            std::visit([&](const auto& action) { carryOut(action); }, Action(actions[i]));
    }

    void carryOut(const Persist& a)
    {
        m_known.push_back(a.invocation);
        push(m_now + std::chrono::microseconds(pick(2000)), Input(Persisted{a.invocation}));
    }
    void carryOut(const Accept&) { ++tally.accepted; }
    void carryOut(const Reject&) { ++tally.rejected; }
    void carryOut(const Wait&) { }
    void carryOut(const Start& a)
    {
        if (!a.reinit)
            ++tally.started;
        if (pick(20) == 0) {
            push(m_now + 1ms, Input(InitFailed{a.instance, InitFailure::NotStartable}));
            return;
        }
        TimePoint when = m_now + std::chrono::milliseconds(pick(5));
        if (pick(4) == 0) { // the desk is full for a while
            push(when, Input(DeskWaitBegan{a.instance}));
            when += std::chrono::milliseconds(pick(500));
            push(when, Input(DeskWaitEnded{a.instance}));
        }
        push(when, Input(InitStarted{a.instance}));
        when += std::chrono::milliseconds(pick(300));
        if (pick(15) == 0)
            push(when, Input(InitFailed{a.instance}));
        else if (pick(30) != 0)
            push(when, Input(Ready{a.instance}));
        // else it hangs and the limit on inits must catch it
    }
    void carryOut(const Join& a) { m_known.push_back(a.invocation); }
    void carryOut(const Dispatch& a)
    {
        ++tally.dispatched;
        m_known.push_back(a.invocation);
        // Where there is only one at a time, it need not be named.
        const bool named = ledger->limitOf(a.instance) != 1 || pick(2) == 0;
        const InvocationId which = named ? a.invocation : InvocationId{};
        push(m_now, Input(WorkStarted{a.instance, which}));
        if (pick(10) == 0) { // a debugger holds it, and lets it go
            push(m_now, Input(DebugPaused{a.instance}));
            push(m_now + std::chrono::milliseconds(pick(900)), Input(DebugResumed{a.instance}));
        }
        const Duration wall = std::chrono::milliseconds(1 + pick(600));
        const std::uint32_t fate = pick(20);
        if (fate == 0)
            push(m_now + wall, Input(InstanceDied{.instance = a.instance, .wall = wall}));
        else if (fate > 1) // 1: never answers
            push(m_now + wall,
                 Input(WorkFinished{.instance = a.instance,
                                    .status
                                    = fate < 6 ? WorkStatus::FunctionError : WorkStatus::Succeeded,
                                    .wall = wall,
                                    .cpu = wall / (1 + pick(4)),
                                    .invocation = which}));
    }
    void carryOut(const Stop&) { ++tally.stopped; }
    void carryOut(const Meter& a)
    {
        ++tally.metered;
        if (a.debugged)
            EXPECT_EQ(a.billed, Duration::zero());
        else
            EXPECT_GE(a.billed, Duration(1ms));
        EXPECT_GE(a.queued, Duration::zero());
        if (!m_async[a.invocation.serial - 1])
            ++tally.syncEnded;
    }
    void carryOut(const Ack&) { ++tally.acked; }
    void carryOut(const Release& a)
    {
        ++tally.released;
        EXPECT_GE(a.notBefore, m_now);
    }
    void carryOut(const DeadLetter&) { ++tally.deadLettered; }
    void carryOut(const Deliver&) { }
    template <typename OfQueues> void carryOut(const OfQueues&) { }

    std::mt19937_64 m_random;
    bool m_timed = false;
    Configuration m_configuration;
    TimePoint m_now{};
    std::uint64_t m_order = 0;
    std::priority_queue<Happening> m_queue;
    std::vector<InvocationId> m_known;
    std::vector<bool> m_async; ///< by invocation serial - 1
};

/// Three hundred seeds of each kind, or the one that SIM_SEED names.
inline std::vector<std::uint64_t> seedsToRun()
{
    if (const char* only = std::getenv("SIM_SEED"))
        return {std::strtoull(only, nullptr, 10)};
    std::vector<std::uint64_t> seeds;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        seeds.push_back(seed);
        seeds.push_back(kTimedSeeds + seed);
    }
    return seeds;
}

} // namespace coldframe::engine::test
