#include "sim/scripted_run_state.h"

#include <algorithm>
#include <span>

// What follows when the engine asks for something: what followed in the recording, as far as it is
// known.
namespace coldframe::sim {

namespace {

/// The same fact, of another instance and invocation.
engine::Input about(engine::Input input, InstanceId instance, InvocationId invocation)
{
    std::visit(
        [&](auto& fact) {
            if constexpr (requires { fact.instance; })
                fact.instance = instance;
            if constexpr (requires { fact.invocation; })
                fact.invocation = invocation;
        },
        input);
    return input;
}

bool isOfTheDesk(const engine::Input& input)
{
    return std::holds_alternative<engine::DeskWaitBegan>(input)
        || std::holds_alternative<engine::DeskWaitEnded>(input)
        || std::holds_alternative<engine::DebugPaused>(input)
        || std::holds_alternative<engine::DebugResumed>(input);
}

bool begins(const engine::Input& input)
{
    return std::holds_alternative<engine::InitStarted>(input)
        || std::holds_alternative<engine::WorkStarted>(input);
}

/// The CPU time as it is on the share of a vCPU that the memory buys.
Duration stretched(Duration cpu, std::uint32_t memoryMb, std::uint32_t mbPerVcpu)
{
    if (memoryMb == 0 || mbPerVcpu <= memoryMb)
        return cpu;
    return Duration(
        static_cast<std::int64_t>(static_cast<cost::Wide>(cpu.count()) * mbPerVcpu / memoryMb));
}

} // namespace

ScriptedRun::Call& ScriptedRun::callOf(InvocationId id)
{
    if (id.slot >= m_calls.size())
        m_calls.resize(id.slot + 1);
    Call& call = m_calls[id.slot];
    if (call.serial != id.serial) // it was under way when the recording began
        call = {.serial = id.serial, .recorded = id.serial};
    return call;
}

ScriptedRun::Place& ScriptedRun::placeOf(InstanceId id)
{
    if (id.slot >= m_places.size())
        m_places.resize(id.slot + 1);
    return m_places[id.slot];
}

/// What follows from an attempt under way comes, and what follows from the last thing an instance
/// was asked for, also when that is over: it may die while it is idle.
bool ScriptedRun::holds(const ComingFact& fact) const
{
    if (fact.token == 0)
        return true;
    const bool works = fact.work.serial != 0 && m_calls[fact.work.slot].token == fact.token;
    if (fact.lengthened && fact.work.serial != 0)
        return works; // an answer that nobody waits for any more
    return works || m_places[fact.place].latest == fact.token;
}

void ScriptedRun::on(const engine::Persist& action)
{
    const Call& call = callOf(action.invocation);
    follow({.key = {Trigger::Persist, call.recorded, 0},
            .function = action.function,
            .invocation = action.invocation,
            .recorded = call.copy == 0,
            .luck = call.luck(0)});
}

void ScriptedRun::on(const engine::Start& action)
{
    Place& place = placeOf(action.instance);
    if (!action.reinit)
        place.memoryMb = m_engine.configuration().functions[action.function].memoryMb;
    if (action.forInvocation.serial == 0) {
        m_provisioned.resize(std::max<std::size_t>(m_provisioned.size(), action.function + 1));
        const std::uint32_t nth = m_provisioned[action.function]++;
        follow({.key = {Trigger::Provision, action.function, nth},
                .function = action.function,
                .instance = action.instance,
                .luck = nth});
        return;
    }
    const Call& call = callOf(action.forInvocation);
    const std::uint32_t attempt = call.attemptsDone + 1;
    follow({.key = {action.reinit ? Trigger::Restart : Trigger::Start, call.recorded, attempt},
            .function = action.function,
            .instance = action.instance,
            .invocation = action.forInvocation,
            .recorded = call.copy == 0,
            .luck = call.luck(attempt)});
}

void ScriptedRun::on(const engine::Dispatch& action)
{
    const Call& call = callOf(action.invocation);
    follow({.key = {Trigger::Work, call.recorded, action.attempt},
            .function = action.function,
            .instance = action.instance,
            .invocation = action.invocation,
            .recorded = call.copy == 0,
            .cold = action.cold,
            .luck = call.luck(action.attempt)});
}

void ScriptedRun::on(const engine::Stop& action)
{
    placeOf(action.instance).latest = 0;
}

void ScriptedRun::on(const engine::Meter& action)
{
    Call& call = callOf(action.invocation);
    call.attemptsDone = action.attempt;
    call.token = 0;
}

void ScriptedRun::follow(const Asked& asked)
{
    if (asked.instance.serial != 0)
        placeOf(asked.instance).latest = ++m_tokens;
    if (asked.key.what == Trigger::Work)
        callOf(asked.invocation).token = m_tokens;
    m_origins.resize(std::max<std::size_t>(m_origins.size(), asked.function + 1));
    Origins& origins = m_origins[asked.function];
    const bool counts = asked.key.what != Trigger::Persist;
    const Chain* chain = asked.recorded ? m_script.find(asked.key) : nullptr;
    if (chain) {
        origins.taken += counts;
        take(asked, *chain);
        return;
    }
    chain = m_samples.draw(asked.key.what, asked.function, asked.cold, asked.luck);
    if (chain) {
        origins.drawn += counts;
        draw(asked, *chain);
    } else {
        origins.assumed += counts;
        assume(asked);
    }
}

void ScriptedRun::take(const Asked& asked, const Chain& chain)
{
    for (std::uint32_t i = chain.first; i < chain.first + chain.count; ++i) {
        const ScriptStep& step = m_script.steps[i];
        push(asked, i == chain.ending ? rescaled(step, asked, chain) : step, step.row, false);
    }
    if (!chain.answered())
        lengthen(asked, chain);
}

/// What came after the answer, and what the desk did, is none of another attempt's.
void ScriptedRun::draw(const Asked& asked, const Chain& chain)
{
    for (std::uint32_t i = chain.first; i < chain.first + chain.count; ++i) {
        const ScriptStep& step = m_script.steps[i];
        if (!isOfTheDesk(step.input))
            push(asked, i == chain.ending ? rescaled(step, asked, chain) : step, m_order++, false);
        if (i == chain.ending)
            return;
    }
    lengthen(asked, chain);
}

/// Nobody saw how long it would have taken, only that it was longer: one of those that were. When
/// there is none it does not end by itself, but runs into the limit that there is.
void ScriptedRun::lengthen(const Asked& asked, const Chain& chain)
{
    const std::span steps = std::span(m_script.steps).subspan(chain.first, chain.count);
    const bool begun
        = std::ranges::any_of(steps, [](const ScriptStep& step) { return begins(step.input); });
    if (asked.key.what != Trigger::Persist && !begun) {
        ScriptStep first{.after = chain.known, .input = engine::InitStarted{}};
        if (asked.key.what == Trigger::Work)
            first.input = engine::WorkStarted{};
        push(asked, first, m_order++, true);
    }
    if (const Chain* longer = m_samples.drawLonger(chain, asked.luck))
        push(asked, rescaled(m_script.steps[longer->ending], asked, *longer), m_order++, true);
}

void ScriptedRun::assume(const Asked& asked)
{
    const auto now
        = [&](const engine::Input& input) { push(asked, {.input = input}, m_order++, false); };
    switch (asked.key.what) {
    case Trigger::Persist:
        now(engine::Persisted{});
        return;
    case Trigger::Start:
    case Trigger::Provision:
    case Trigger::Restart:
        now(engine::InitStarted{});
        now(engine::Ready{});
        return;
    case Trigger::Work:
        now(engine::WorkStarted{});
        now(engine::WorkFinished{});
        return;
    }
}

/// Where processes really got the platform's share of a core, another memory size takes another
/// time. On a desk they have all of it: what they take there stays, and what they would take on the
/// platform is for the engine to say.
ScriptStep ScriptedRun::rescaled(ScriptStep step, const Asked& asked, const Chain& chain) const
{
    auto* finished = std::get_if<engine::WorkFinished>(&step.input);
    const engine::Configuration& rules = m_engine.configuration();
    if (!finished || rules.fidelity != Fidelity::Platform)
        return step;
    const std::uint32_t memoryMb = m_places[asked.instance.slot].memoryMb;
    const Duration more = stretched(finished->cpu, memoryMb, rules.platform.mbPerVcpu)
        - stretched(finished->cpu, chain.memoryMb,
                    m_script.configurations.front().platform.mbPerVcpu);
    const Duration wall = std::max(finished->wall + more, Duration{});
    step.after = std::max(step.after + (wall - finished->wall), Duration{});
    finished->wall = wall;
    return step;
}

void ScriptedRun::push(const Asked& asked, const ScriptStep& step, std::uint64_t order,
                       bool lengthened)
{
    ComingFact fact{.key = m_now + step.after.count(),
                    .order = order,
                    .lengthened = lengthened,
                    .wasTaken = lengthened && !begins(step.input) && asked.recorded
                        && m_script.find(asked.key),
                    .function = asked.function,
                    .input = about(step.input, asked.instance, asked.invocation)};
    if (asked.instance.serial != 0) {
        fact.place = asked.instance.slot;
        fact.token = m_places[asked.instance.slot].latest;
        if (asked.key.what == Trigger::Work)
            fact.work = asked.invocation;
    }
    m_calendar.add(fact);
}

} // namespace coldframe::sim
