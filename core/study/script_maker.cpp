#include "study/script_maker.h"

#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "engine/engine.h"
#include "study/chain_maker.h"

namespace coldframe::study {

namespace {

Error unreadable(std::string message)
{
    return {Error::Code::Malformed,
            std::move(message),
            "the recording is damaged or comes from another version; choose another one",
            {},
            {}};
}

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
    ChainMaker m_maker;
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
