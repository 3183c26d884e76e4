#include "study/chain_maker.h"

#include <algorithm>

namespace coldframe::study {

using sim::Chain;
using sim::Trigger;

namespace {

template <typename... Kinds> bool isOneOf(const engine::Input& input)
{
    return (std::holds_alternative<Kinds>(input) || ...);
}

bool answers(Trigger what, const engine::Input& input)
{
    switch (what) {
    case Trigger::Persist:
        return isOneOf<engine::Persisted>(input);
    case Trigger::Start:
    case Trigger::Provision:
    case Trigger::Restart:
        return isOneOf<engine::Ready, engine::InitFailed, engine::InstanceDied>(input);
    case Trigger::Work:
        return isOneOf<engine::WorkFinished, engine::InstanceDied>(input);
    }
    return false;
}

bool isTimeout(engine::Why why)
{
    return why == engine::Why::AttemptTimedOut || why == engine::Why::InitTimedOut
        || why == engine::Why::ReinitAfterInitTimeout;
}

InstanceId instanceOf(const engine::Input& input)
{
    return std::visit(
        [](const auto& fact) {
            if constexpr (requires { fact.instance; })
                return fact.instance;
            else
                return InstanceId{};
        },
        input);
}

InvocationId workOf(const engine::Input& input)
{
    return std::visit(
        [](const auto& fact) {
            if constexpr (requires { fact.instance, fact.invocation; })
                return fact.invocation;
            else
                return InvocationId{};
        },
        input);
}

} // namespace

void ChainMaker::told(const history::RecordedInput& in, std::uint64_t row)
{
    const engine::Input& input = in.input;
    if (isOneOf<engine::Tick, engine::UsageSampled, engine::FirstByte>(input))
        return; // say nothing new
    if (const auto* arrived = std::get_if<engine::Arrived>(&input)) {
        const InvocationId id = m_engine.nextInvocation();
        if (arrived->delivery == engine::Delivery::Async)
            m_attemptsDone[id.serial] = arrived->attemptsDone;
        m_script.told.push_back({in.at, row, input, id.serial});
        return;
    }
    if (const auto* persisted = std::get_if<engine::Persisted>(&input)) {
        const auto open = m_persisting.find(persisted->invocation.serial);
        if (open != m_persisting.end()) {
            follow(open->second, in, row);
            close(open->second, in.at, true);
            m_persisting.erase(open);
        } else if (persisted->invocation.serial < m_script.firstSerial) {
            m_script.told.push_back({in.at, row, input, 0});
        }
        return;
    }
    const auto place = placeOf(input);
    const auto open = place ? m_open.find(*place) : m_open.end();
    if (open != m_open.end())
        follow(open->second, in, row);
    else if (instanceOf(input).serial <= m_oldInstances)
        // From outside, or of what was there when the recording began; else of an instance that is
        // gone.
        m_script.told.push_back({in.at, row, input, 0});
}

/// Which chain goes on with this fact. One that names no attempt is about the last thing that its
/// instance was asked for.
std::optional<ChainMaker::Place> ChainMaker::placeOf(const engine::Input& input) const
{
    const std::uint32_t instance = instanceOf(input).serial;
    const auto known = m_instances.find(instance);
    if (known == m_instances.end())
        return std::nullopt;
    const std::uint32_t named = workOf(input).serial;
    return Place{instance, named != 0 ? named : known->second.latest};
}

void ChainMaker::asked(TimePoint at, const engine::Action& action)
{
    std::visit([&](const auto& each) { on(at, each); }, action);
}

void ChainMaker::finish()
{
    for (auto& [place, open] : m_open)
        close(open, m_script.end, open.timedOut);
    for (auto& [serial, open] : m_persisting)
        close(open, m_script.end, false);
    std::ranges::stable_sort(m_script.chains, {}, &Chain::key);
}

void ChainMaker::follow(Open& open, const history::RecordedInput& in, std::uint64_t row)
{
    if (!open.chain.answered() && answers(open.chain.key.what, in.input))
        open.chain.ending = static_cast<std::uint32_t>(open.steps.size());
    open.steps.push_back({in.at - open.at, row, in.input});
}

void ChainMaker::close(Open& open, TimePoint at, bool whole)
{
    open.chain.first = static_cast<std::uint32_t>(m_script.steps.size());
    open.chain.count = static_cast<std::uint32_t>(open.steps.size());
    open.chain.whole = whole || open.chain.answered();
    open.chain.known = (open.over ? open.overAt : at) - open.at;
    if (open.chain.answered())
        open.chain.ending += open.chain.first;
    m_script.steps.insert(m_script.steps.end(), open.steps.begin(), open.steps.end());
    m_script.chains.push_back(open.chain);
}

/// The instance has something new to do, or is gone: then `all` ends. Else attempts that it still
/// works on go on.
void ChainMaker::closeOf(InstanceId instance, TimePoint at, bool timedOut, bool all)
{
    auto each = m_open.lower_bound({instance.serial, 0});
    while (each != m_open.end() && each->first.first == instance.serial) {
        const bool starts = each->first.second == 0;
        if (!all && !starts && !each->second.over) {
            ++each;
            continue;
        }
        if (starts) // by the time its first attempt begins
            m_instances[instance.serial].start = m_script.chains.size();
        close(each->second, at, starts ? timedOut : each->second.timedOut);
        each = m_open.erase(each);
    }
}

void ChainMaker::open(InstanceId instance, const Chain& chain, TimePoint at, std::uint32_t work)
{
    m_instances[instance.serial].latest = work;
    m_open[{instance.serial, work}] = {chain, at, {}};
}

std::uint32_t ChainMaker::memoryOf(FunctionId function) const
{
    return m_engine.configuration().functions[function].memoryMb;
}

/// The one under way; calls have one only.
std::uint32_t ChainMaker::attemptOf(std::uint32_t invocation) const
{
    const auto done = m_attemptsDone.find(invocation);
    return done == m_attemptsDone.end() ? 1 : done->second + 1;
}

void ChainMaker::on(TimePoint at, const engine::Persist& action)
{
    const Chain chain{.key = {Trigger::Persist, action.invocation.serial, 0},
                      .function = action.function};
    m_persisting[action.invocation.serial] = {chain, at, {}};
}

void ChainMaker::on(TimePoint at, const engine::Start& action)
{
    closeOf(action.instance, at, isTimeout(action.reason.why), false);
    if (m_oldInstances == kAll && !action.reinit)
        m_oldInstances = action.instance.serial - 1;
    Chain chain{.function = action.function, .memoryMb = memoryOf(action.function)};
    const std::uint32_t work = action.forInvocation.serial;
    if (work == 0)
        chain.key = {Trigger::Provision, action.function, m_provisioned[action.function]++};
    else
        chain.key = {action.reinit ? Trigger::Restart : Trigger::Start, work, attemptOf(work)};
    m_instances[action.instance.serial] = {.memoryMb = chain.memoryMb};
    open(action.instance, chain, at, 0);
}

void ChainMaker::on(TimePoint at, const engine::Dispatch& action)
{
    closeOf(action.instance, at, false, false);
    const auto [instance, isNew] = m_instances.try_emplace(action.instance.serial);
    if (isNew) // it was there when the recording began
        instance->second.memoryMb = memoryOf(action.function);
    open(action.instance,
         {.key = {Trigger::Work, action.invocation.serial, action.attempt},
          .function = action.function,
          .memoryMb = instance->second.memoryMb,
          .cold = action.cold},
         at, action.invocation.serial);
}

void ChainMaker::on(TimePoint at, const engine::Stop& action)
{
    closeOf(action.instance, at, isTimeout(action.reason.why), true);
    m_instances.erase(action.instance.serial);
}

void ChainMaker::on(TimePoint at, const engine::Meter& action)
{
    const std::uint32_t serial = action.invocation.serial;
    if (serial < m_script.firstSerial || m_attemptsDone.contains(serial))
        m_attemptsDone[serial] = action.attempt;
    const auto found = m_open.find({action.instance.serial, serial});
    if (found == m_open.end())
        return;
    Open& work = found->second;
    work.over = true, work.overAt = at;
    work.timedOut = action.outcome == engine::Outcome::TimedOut;
    if (!action.deskWaited && !action.debugged)
        return;
    work.chain.disturbed = true;
    const std::size_t start = m_instances[action.instance.serial].start;
    if (action.cold && start != kNone)
        m_script.chains[start].disturbed = true;
}

void ChainMaker::on(TimePoint, const engine::Ack& action)
{
    m_attemptsDone.erase(action.invocation.serial);
}

void ChainMaker::on(TimePoint, const engine::DeadLetter& action)
{
    m_attemptsDone.erase(action.invocation.serial);
}

} // namespace coldframe::study
