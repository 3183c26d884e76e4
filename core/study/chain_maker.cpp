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
    const auto* persisted = std::get_if<engine::Persisted>(&input);
    const InstanceId instance = instanceOf(input);
    const auto open = persisted ? m_persisting.find(persisted->invocation.serial)
                                : m_open.find(instance.serial);
    if (open == (persisted ? m_persisting.end() : m_open.end())) {
        // Of what was there when the recording began; else of an instance that is gone.
        if (persisted ? persisted->invocation.serial < m_script.firstSerial
                      : instance.serial <= m_oldInstances)
            m_script.told.push_back({in.at, row, input, 0});
        return;
    }
    follow(open->second, in, row);
    if (persisted) {
        close(open->second, in.at, true);
        m_persisting.erase(open);
    }
}

void ChainMaker::asked(TimePoint at, const engine::Action& action)
{
    std::visit([&](const auto& each) { on(at, each); }, action);
}

void ChainMaker::finish()
{
    for (auto& [serial, open] : m_open)
        close(open, m_script.end, false);
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
    open.chain.known = at - open.at;
    if (open.chain.answered())
        open.chain.ending += open.chain.first;
    m_script.steps.insert(m_script.steps.end(), open.steps.begin(), open.steps.end());
    m_script.chains.push_back(open.chain);
}

/// The instance has something new to do, or is gone.
void ChainMaker::closeOf(InstanceId instance, TimePoint at, bool whole)
{
    const auto open = m_open.find(instance.serial);
    if (open == m_open.end())
        return;
    close(open->second, at, whole);
    m_open.erase(open);
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
    closeOf(action.instance, at, isTimeout(action.reason.why));
    if (m_oldInstances == kAll && !action.reinit)
        m_oldInstances = action.instance.serial - 1;
    Chain chain{.function = action.function, .memoryMb = memoryOf(action.function)};
    const std::uint32_t work = action.forInvocation.serial;
    if (work == 0)
        chain.key = {Trigger::Provision, action.function, m_provisioned[action.function]++};
    else
        chain.key = {action.reinit ? Trigger::Restart : Trigger::Start, work, attemptOf(work)};
    m_instances[action.instance.serial] = {chain.memoryMb, kNone};
    m_open[action.instance.serial] = {chain, at, {}};
}

void ChainMaker::on(TimePoint at, const engine::Dispatch& action)
{
    closeOf(action.instance, at, true);
    const auto instance = m_instances.find(action.instance.serial);
    const bool known = instance != m_instances.end();
    if (known && action.cold)
        instance->second.start = m_script.chains.size() - 1; // closed just now
    const Chain chain{.key = {Trigger::Work, action.invocation.serial, action.attempt},
                      .function = action.function,
                      .memoryMb = known ? instance->second.memoryMb : memoryOf(action.function),
                      .cold = action.cold};
    m_open[action.instance.serial] = {chain, at, {}};
}

void ChainMaker::on(TimePoint at, const engine::Stop& action)
{
    closeOf(action.instance, at, isTimeout(action.reason.why));
    m_instances.erase(action.instance.serial);
}

void ChainMaker::on(TimePoint, const engine::Meter& action)
{
    const std::uint32_t serial = action.invocation.serial;
    if (serial < m_script.firstSerial || m_attemptsDone.contains(serial))
        m_attemptsDone[serial] = action.attempt;
    const auto open = m_open.find(action.instance.serial);
    if (open == m_open.end() || (!action.deskWaited && !action.debugged))
        return;
    open->second.chain.disturbed = true;
    const auto instance = m_instances.find(action.instance.serial);
    if (action.cold && instance != m_instances.end() && instance->second.start != kNone)
        m_script.chains[instance->second.start].disturbed = true;
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
