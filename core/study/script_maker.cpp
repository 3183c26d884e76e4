#include "study/script_maker.h"

#include <array>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "engine/engine.h"

namespace coldframe::study {

namespace {

using sim::Chain;
using sim::Trigger;

Error unreadable(std::string message)
{
    return {Error::Code::Malformed,
            std::move(message),
            "the recording is damaged or comes from another version; choose another one",
            {},
            {}};
}

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

/// Collects chains while a recording is read.
class Maker {
public:
    Maker(sim::Script& script, const engine::Engine& engine)
        : m_script(script), m_engine(engine) { }

    /// Before the engine is stepped with it.
    void told(const history::RecordedInput& in, std::uint64_t row)
    {
        const engine::Input& input = in.input;
        if (isOneOf<engine::Tick, engine::UsageSampled, engine::FirstByte>(input))
            return; // say nothing new
        if (const auto* arrived = std::get_if<engine::Arrived>(&input)) {
            const InvocationId id = m_engine.nextInvocation();
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

    void asked(TimePoint at, const engine::Action& action)
    {
        std::visit([&](const auto& each) { on(at, each); }, action);
    }

    void finish()
    {
        for (auto& [serial, open] : m_open)
            close(open, m_script.end, false);
        for (auto& [serial, open] : m_persisting)
            close(open, m_script.end, false);
        std::ranges::stable_sort(m_script.chains, {}, &Chain::key);
    }

    /// The engine had a history before: all instances are old until the first is started.
    void goesOn() { m_oldInstances = kAll; }

private:
    static constexpr std::uint32_t kAll = 0xffff'ffff;
    struct Open {
        Chain chain;
        TimePoint at{};
        std::vector<sim::ScriptStep> steps;
    };

    static void follow(Open& open, const history::RecordedInput& in, std::uint64_t row)
    {
        if (!open.chain.answered() && answers(open.chain.key.what, in.input))
            open.chain.ending = static_cast<std::uint32_t>(open.steps.size());
        if (isOneOf<engine::DeskWaitBegan, engine::DebugPaused>(in.input))
            open.chain.disturbed = true;
        open.steps.push_back({in.at - open.at, row, in.input});
    }

    void close(Open& open, TimePoint at, bool whole)
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
    void closeOf(InstanceId instance, TimePoint at, bool whole)
    {
        const auto open = m_open.find(instance.serial);
        if (open == m_open.end())
            return;
        close(open->second, at, whole);
        m_open.erase(open);
    }

    std::uint32_t memoryOf(FunctionId function) const
    {
        return m_engine.configuration().functions[function].memoryMb;
    }

    void on(TimePoint at, const engine::Persist& action)
    {
        m_persisting[action.invocation.serial] = {
            {.key = {Trigger::Persist, action.invocation.serial, 0}, .function = action.function},
            at,
            {}};
    }
    void on(TimePoint at, const engine::Start& action)
    {
        closeOf(action.instance, at, isTimeout(action.reason.why));
        if (m_oldInstances == kAll && !action.reinit)
            m_oldInstances = action.instance.serial - 1;
        Chain chain{.function = action.function, .memoryMb = memoryOf(action.function)};
        const std::uint32_t work = action.forInvocation.serial;
        if (work == 0)
            chain.key = {Trigger::Provision, action.function, m_provisioned[action.function]++};
        else
            chain.key = {action.reinit ? Trigger::Restart : Trigger::Start, work,
                         m_attemptsDone[work] + 1};
        m_memory[action.instance.serial] = chain.memoryMb;
        m_open[action.instance.serial] = {chain, at, {}};
    }
    void on(TimePoint at, const engine::Dispatch& action)
    {
        closeOf(action.instance, at, true);
        const auto memory = m_memory.find(action.instance.serial);
        const Chain chain{.key = {Trigger::Work, action.invocation.serial, action.attempt},
                          .function = action.function,
                          .memoryMb
                          = memory == m_memory.end() ? memoryOf(action.function) : memory->second,
                          .cold = action.cold};
        m_open[action.instance.serial] = {chain, at, {}};
    }
    void on(TimePoint at, const engine::Stop& action)
    {
        closeOf(action.instance, at, isTimeout(action.reason.why));
        m_memory.erase(action.instance.serial);
    }
    void on(TimePoint, const engine::Meter& action)
    {
        m_attemptsDone[action.invocation.serial] = action.attempt;
    }
    void on(TimePoint, const engine::Ack& action)
    {
        m_attemptsDone.erase(action.invocation.serial);
    }
    void on(TimePoint, const engine::DeadLetter& action)
    {
        m_attemptsDone.erase(action.invocation.serial);
    }
    void on(TimePoint, const engine::Reject& action)
    {
        m_attemptsDone.erase(action.invocation.serial);
    }
    template <typename Other> void on(TimePoint, const Other&) { }

    sim::Script& m_script;
    const engine::Engine& m_engine;
    std::uint32_t m_oldInstances = 0; ///< serials up to this were there when it began
    std::map<std::uint32_t, Open> m_open; ///< by serial of the instance
    std::map<std::uint32_t, Open> m_persisting; ///< by serial of the invocation
    std::map<std::uint32_t, std::uint32_t> m_attemptsDone; ///< likewise
    std::map<std::uint32_t, std::uint32_t> m_memory; ///< by serial of the instance
    std::map<FunctionId, std::uint32_t> m_provisioned;
};

/// When it begins and ends, and how many inputs it has.
Result<void> measure(const history::RecordingReader& recording, sim::Script& script)
{
    auto inputs = recording.inputs();
    if (!inputs)
        return tl::unexpected(inputs.error());
    while (const auto in = inputs->next()) {
        if (script.rows++ == 0)
            script.begin = in->at;
        if (in->at < script.end && script.rows > 1)
            return tl::unexpected(
                unreadable(fmt::format("time runs backwards at input {}", script.rows - 1)));
        script.end = in->at;
    }
    if (inputs->damaged())
        return tl::unexpected(unreadable(fmt::format("input {} cannot be read", script.rows)));
    if (script.rows == 0)
        return tl::unexpected(Error{Error::Code::Missing,
                                    "the recording holds nothing yet",
                                    "replay one in which events came",
                                    {},
                                    {}});
    return {};
}

/// Reads a recording through an engine, deadline by deadline, so that each action has its own time.
class Reading {
public:
    Reading(RecordedRun& run, const ScriptOptions& options)
        : m_run(run), m_maker(run.script, m_engine),
          m_book({0, (run.script.end - run.script.begin).count() + 1, run.step.count()},
                 run.script.begin, options.prices)
    { }

    Result<void> begin(const history::RecordingReader& recording)
    {
        for (const engine::Configuration& configuration : recording.configurations()) {
            m_engine.define(configuration);
            m_run.script.configurations.push_back(configuration);
        }
        const auto& checkpoints = recording.checkpoints();
        if (checkpoints.empty() || checkpoints.front().isEnd || checkpoints.front().row != 0)
            return {};
        const auto state = checkpoints.front().state;
        if (!m_engine.load(state))
            return tl::unexpected(
                Error{Error::Code::OutOfRange,
                      fmt::format("the engine's state was recorded by Coldframe {} and cannot be "
                                  "read here",
                                  recording.header().program),
                      "replay the recording with that version",
                      {},
                      {}});
        const engine::Engine fresh;
        if (!std::ranges::equal(state, fresh.save())) {
            m_run.script.state.assign(state.begin(), state.end());
            m_run.script.firstSerial = m_engine.nextInvocation().serial;
            m_maker.goesOn();
            m_book.configured(m_run.script.begin, m_engine.configuration());
        }
        m_run.digest = m_run.digestBefore = checkpoints.front().digest;
        return {};
    }

    Result<void> feed(const history::RecordedInput& in, std::uint64_t row)
    {
        while (const auto due = m_engine.nextDeadline()) {
            if (*due >= in.at)
                break;
            m_engine.advance(*due, m_actions);
            note(*due);
        }
        if (const auto* configured = std::get_if<engine::Configured>(&in.input)) {
            if (!m_engine.hasRevision(configured->revision))
                return tl::unexpected(unreadable(fmt::format(
                    "configuration {} of input {} is missing", configured->revision, row)));
            m_book.configured(in.at, m_run.script.configurations[configured->revision]);
        }
        if (const auto* arrived = std::get_if<engine::Arrived>(&in.input))
            m_book.arrived(in.at, m_engine.nextInvocation(), *arrived);
        m_maker.told(in, row);
        m_engine.step(in.at, in.input, m_actions);
        note(in.at);
        return {};
    }

    void finish()
    {
        m_maker.finish();
        m_run.script.settled = settled();
        m_run.figures = m_book.close();
    }

private:
    void note(TimePoint at)
    {
        m_run.digest.add(m_actions);
        for (const engine::Action& action : m_actions) {
            m_maker.asked(at, action);
            m_book.add(at, action);
        }
        m_actions.clear();
    }

    bool settled() const
    {
        if (m_book.alive() > 0)
            return false;
        for (FunctionId f = 0; f < m_engine.configuration().functions.size(); ++f) {
            const engine::PoolCounts counts = m_engine.counts(f);
            if (counts.inUse + counts.waiting + counts.delayed > 0)
                return false;
        }
        return true;
    }

    RecordedRun& m_run;
    engine::Engine m_engine;
    engine::Actions m_actions;
    Maker m_maker;
    sim::RunBook m_book;
};

} // namespace

Duration seriesStep(Duration length)
{
    using namespace std::chrono_literals;
    constexpr std::int64_t kSteps = 600;
    constexpr std::array<Duration, 14> kRound{100ms, 200ms, 500ms, 1s,   2s,   5s, 10s,
                                              20s,   30s,   60s,   300s, 600s, 1h, 6h};
    for (const Duration step : kRound)
        if (length <= step * kSteps)
            return step;
    return 24h;
}

Result<RecordedRun> makeScript(const history::RecordingReader& recording,
                               const ScriptOptions& options)
{
    RecordedRun run;
    run.script.names = options.names;
    if (auto measured = measure(recording, run.script); !measured)
        return tl::unexpected(measured.error());
    run.step = seriesStep(run.script.end - run.script.begin);
    Reading reading(run, options);
    if (auto begun = reading.begin(recording); !begun)
        return tl::unexpected(begun.error());
    auto inputs = recording.inputs();
    if (!inputs)
        return tl::unexpected(inputs.error());
    for (std::uint64_t row = 0; !options.stop.stop_requested(); ++row) {
        const auto in = inputs->next();
        if (!in)
            break;
        if (auto fed = reading.feed(*in, row); !fed)
            return tl::unexpected(fed.error());
    }
    reading.finish();
    return run;
}

} // namespace coldframe::study
