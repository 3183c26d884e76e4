#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "harness.h"

namespace coldframe::engine::test {

/// Keeps books of its own on what the engine asks for, from its actions and nothing else, and
/// checks each against the rules: limits, the scale-up bucket, one attempt per instance, every
/// attempt metered once.
class Ledger {
public:
    explicit Ledger(const Configuration& rules) : m_rules(rules)
    {
        m_tokens.assign(rules.functions.size(), rules.platform.scaleUp.refill);
        m_refilled.resize(rules.functions.size());
    }

    void configured(const Configuration& rules)
    {
        for (const auto& [id, function] : m_alive)
            if (rules.functions[function].instanceKey != m_rules.functions[function].instanceKey
                || rules.functions[function].removed)
                m_old.insert(id);
        m_rules = rules;
        m_line = m_line && rules.platform.saturation.policy == Saturation::Policy::Queue;
    }
    void codeChanged(FunctionId function)
    {
        for (const auto& [id, of] : m_alive)
            if (of == function)
                m_old.insert(id);
    }
    /// Instances that were there from the start; their numbers are seen when they are used or end.
    void primed(FunctionId function, std::uint32_t concurrency)
    {
        m_primed[function].push_back(concurrency);
    }
    void paused(InstanceId instance) { m_old.insert(instance); }
    /// Attempts the instance may have at once; 0: any number.
    std::uint32_t limitOf(InstanceId instance) const { return m_limit.at(instance); }
    void ready(InstanceId instance) { m_ready.insert(instance); }
    void notReady(InstanceId instance) { m_ready.erase(instance); }

    void see(TimePoint now, const Action& action)
    {
        m_now = now;
        std::visit([this](const auto& known) { note(known); }, action);
    }

    /// When nothing is left to happen.
    void expectClosed() const
    {
        EXPECT_TRUE(m_work.empty()) << "attempts begun and never metered: " << m_work.size();
        EXPECT_EQ(m_dispatched, m_dispatchedAndMetered);
    }

private:
    struct Attempt {
        FunctionId function = 0;
        InstanceId instance;
        bool dispatched = false;
    };

    void note(const Start& a)
    {
        if (a.reinit) {
            EXPECT_TRUE(m_alive.contains(a.instance));
            m_ready.erase(a.instance);
            return;
        }
        EXPECT_TRUE(m_alive.emplace(a.instance, a.function).second) << "a number given twice";
        m_limit[a.instance] = m_rules.functions[a.function].instanceConcurrency;
        if (const auto& most = m_rules.functions[a.function].maxInstances) {
            EXPECT_LE(aliveOf(a.function), *most) << "more instances than may be";
        }
        if (a.reason.why == Why::Provisioned) {
            m_provisioned.insert(a.instance);
            return;
        }
        if (a.forInvocation.serial == 0) {
            EXPECT_TRUE(m_rules.platform.scaling.byTimer()) << "started for nobody";
            m_ahead.insert(a.instance);
            takeToken(a.function);
            return;
        }
        EXPECT_FALSE(m_rules.platform.scaling.byTimer()) << "started for a request";
        if (m_limit[a.instance] == 0) {
            EXPECT_TRUE(noneTakesMore(a.function, a.instance)) << "one instance would have done";
        }
        takeToken(a.function);
        begin(a.forInvocation, {a.function, a.instance});
    }

    void adoptPrimed(InstanceId instance, FunctionId function)
    {
        if (m_alive.contains(instance))
            return;
        auto& primed = m_primed[function];
        ASSERT_FALSE(primed.empty()) << "an instance that nobody started";
        m_alive.emplace(instance, function);
        m_ready.insert(instance);
        m_used.insert(instance); // so not cold
        m_limit[instance] = primed.back();
        primed.pop_back();
    }

    void note(const Dispatch& a)
    {
        adoptPrimed(a.instance, a.function);
        EXPECT_TRUE(m_alive.contains(a.instance)) << "work for an instance that is gone";
        EXPECT_TRUE(m_ready.contains(a.instance)) << "work for an instance that is not ready";
        EXPECT_FALSE(m_debugged.contains(a.instance)) << "work for what was debugged";
        const bool first = m_used.insert(a.instance).second;
        if (m_ahead.contains(a.instance)) {
            EXPECT_TRUE(first || !a.cold) << "one cold start each";
            EXPECT_EQ(a.cold, a.reason.why == Why::ColdAhead);
        } else {
            EXPECT_EQ(a.cold, first && !m_provisioned.contains(a.instance))
                << "one cold start each";
        }
        const auto bound = m_work.find(a.invocation);
        if (bound == m_work.end()) {
            begin(a.invocation, {a.function, a.instance});
        } else {
            EXPECT_EQ(bound->second.instance, a.instance);
            EXPECT_FALSE(bound->second.dispatched) << "one attempt dispatched twice";
        }
        m_work[a.invocation].dispatched = true;
        ++m_dispatched;
    }

    void note(const Join& a)
    {
        EXPECT_TRUE(m_alive.contains(a.instance)) << "waits for an instance that is gone";
        EXPECT_FALSE(m_ready.contains(a.instance)) << "waits for an instance that is ready";
        EXPECT_FALSE(m_old.contains(a.instance)) << "waits for an instance that takes no more";
        begin(a.invocation, {a.function, a.instance});
    }

    void note(const Meter& a)
    {
        const auto attempt = m_work.find(a.invocation);
        ASSERT_NE(attempt, m_work.end()) << "metered twice, or without an attempt";
        EXPECT_EQ(attempt->second.instance, a.instance);
        EXPECT_EQ(a.provisioned, m_provisioned.contains(a.instance));
        if (a.cold && !attempt->second.dispatched) // an init that failed it, and maybe no other
            m_used.insert(a.instance);
        m_dispatchedAndMetered += attempt->second.dispatched ? 1 : 0;
        if (a.debugged)
            m_debugged.insert(a.instance);
        m_work.erase(attempt);
    }

    /// Cancelled before it was dispatched: nothing to meter.
    void dropped(InvocationId invocation)
    {
        const auto attempt = m_work.find(invocation);
        if (attempt == m_work.end())
            return;
        EXPECT_FALSE(attempt->second.dispatched);
        m_work.erase(attempt);
    }
    void note(const Reject& a)
    {
        const Saturation& saturation = m_rules.platform.saturation;
        if (a.reason.why == Why::QueueFull) {
            EXPECT_EQ(saturation.policy, Saturation::Policy::Queue);
            EXPECT_EQ(a.reason.a, saturation.maxLength);
            EXPECT_GE(a.reason.b, a.reason.a);
        }
        dropped(a.invocation);
    }
    void note(const Persist& a) { m_events.insert(a.invocation); }

    /// Where calls queue, they begin in the order in which they came.
    void inLine(InvocationId call, FunctionId function)
    {
        m_line = m_line && m_rules.platform.saturation.policy == Saturation::Policy::Queue;
        if (!m_line || m_events.contains(call))
            return;
        EXPECT_GT(call.serial, m_lastCall[function]) << "a call went before its turn";
        m_lastCall[function] = call.serial;
    }
    void note(const Ack& a) { dropped(a.invocation); }

    void note(const Stop& a)
    {
        adoptPrimed(a.instance, a.function);
        EXPECT_EQ(m_alive.erase(a.instance), 1U);
        EXPECT_EQ(inFlight(a.instance), 0U) << "retired before its attempts were metered";
        m_ready.erase(a.instance);
    }
    template <typename Other> void note(const Other&) { }

    std::uint32_t inFlight(InstanceId instance) const
    {
        return static_cast<std::uint32_t>(std::ranges::count_if(
            m_work, [&](const auto& item) { return item.second.instance == instance; }));
    }
    /// Whether no other instance of the function would have taken another attempt.
    bool noneTakesMore(FunctionId function, InstanceId started) const
    {
        return std::ranges::none_of(m_alive, [&](const auto& item) {
            const auto& [id, of] = item;
            return of == function && id != started && m_limit.at(id) == 0
                && !m_provisioned.contains(id) && !m_old.contains(id);
        });
    }
    std::uint32_t aliveOf(FunctionId function) const
    {
        const auto primed = m_primed.find(function);
        const std::size_t unseen = primed == m_primed.end() ? 0 : primed->second.size();
        return static_cast<std::uint32_t>(
            unseen
            + static_cast<std::size_t>(std::ranges::count(
                m_alive, function, &std::pair<const InstanceId, FunctionId>::second)));
    }

    void begin(InvocationId invocation, const Attempt& attempt)
    {
        m_work[invocation] = attempt;
        const std::uint32_t limit = m_limit[attempt.instance];
        if (limit != 0) {
            EXPECT_LE(inFlight(attempt.instance), limit) << "more than it serves at once";
        }
        inLine(invocation, attempt.function);
        // Limits hold whenever an attempt begins; one that was lowered is kept to by retiring.
        const FunctionRules& own = m_rules.functions[attempt.function];
        std::uint32_t ofFunction = 0, ofAccount = 0, taken = 0;
        for (const auto& [id, other] : m_work) {
            ofFunction += other.function == attempt.function ? 1 : 0;
            ofAccount += !m_rules.functions[other.function].reserved
                    && !m_provisioned.contains(other.instance)
                ? 1
                : 0;
        }
        for (const FunctionRules& function : m_rules.functions)
            taken += function.reserved.value_or(function.provisioned);
        if (own.reserved) {
            EXPECT_LE(ofFunction, *own.reserved);
        } else if (!m_provisioned.contains(attempt.instance)) {
            EXPECT_LE(ofAccount + std::min(taken, m_rules.platform.accountConcurrency),
                      m_rules.platform.accountConcurrency);
        }
    }

    /// A bucket in the plain sense: it fills with time, and each new instance takes its part.
    void takeToken(FunctionId function)
    {
        const TokenBucket& bucket = m_rules.platform.scaleUp;
        if (bucket.capacity == 0)
            return;
        Duration& level = m_tokens[function];
        level = std::min(bucket.refill, level + (m_now - m_refilled[function]));
        m_refilled[function] = m_now;
        const Duration part = bucket.refill / bucket.capacity;
        level -= part;
        EXPECT_GE(level, Duration::zero()) << "scaled up faster than the platform";
    }

    Configuration m_rules;
    TimePoint m_now{};
    std::map<InstanceId, FunctionId> m_alive;
    std::set<InstanceId> m_ready, m_provisioned, m_debugged;
    std::set<InstanceId> m_old; ///< of settings or code that changed, or debugged
    std::set<InstanceId> m_used; ///< dispatched to
    std::set<InstanceId> m_ahead; ///< started by the autoscaler
    std::map<InstanceId, std::uint32_t> m_limit; ///< attempts at once; 0: any number
    std::map<InvocationId, Attempt> m_work; ///< begun and not yet metered
    std::set<InvocationId> m_events; ///< asynchronous
    std::map<FunctionId, std::uint32_t> m_lastCall; ///< serial of the last one that began
    bool m_line = true; ///< calls have queued from the beginning
    std::map<FunctionId, std::vector<std::uint32_t>> m_primed; ///< concurrency of each not yet seen
    std::vector<Duration> m_tokens; ///< by function
    std::vector<TimePoint> m_refilled;
    std::uint64_t m_dispatched = 0, m_dispatchedAndMetered = 0;
};

} // namespace coldframe::engine::test
