#include "history/replay.h"

#include <fmt/format.h>

namespace coldframe::history {

namespace {

Error unreadable(std::string message)
{
    return {Error::Code::Malformed,
            std::move(message),
            "the recording is damaged or comes from another version; choose another one",
            {},
            {}};
}

/// The engine as it stood at the checkpoint; fresh when there is none.
Result<engine::Engine> engineAt(const RecordingReader& recording,
                                const RecordedCheckpoint* checkpoint)
{
    engine::Engine engine;
    for (const engine::Configuration& configuration : recording.configurations())
        engine.define(configuration);
    if (checkpoint && !engine.load(checkpoint->state))
        return tl::unexpected(
            Error{Error::Code::OutOfRange,
                  fmt::format("the engine's state was recorded by Coldframe {} and cannot be read "
                              "here",
                              recording.header().program),
                  "replay the recording with that version",
                  {},
                  {}});
    return engine;
}

/// Compares at every checkpoint the replay comes to.
class Comparison {
public:
    Comparison(std::span<const RecordedCheckpoint> rest, ReplayReport& report)
        : m_rest(rest), m_report(report)
    { }

    void reached(std::uint64_t row)
    {
        for (; !m_rest.empty() && m_rest.front().row <= row; m_rest = m_rest.subspan(1)) {
            ++m_report.compared;
            if (m_rest.front().digest != m_report.digest && !m_report.firstDifference)
                m_report.firstDifference = m_rest.front();
        }
    }

private:
    std::span<const RecordedCheckpoint> m_rest;
    ReplayReport& m_report;
};

} // namespace

Result<ReplayReport> replay(const RecordingReader& recording, const ReplayOptions& options)
{
    const std::vector<RecordedCheckpoint>& all = recording.checkpoints();
    const bool known = options.checkpoint < all.size() && !all[options.checkpoint].isEnd;
    if (!known && options.checkpoint > 0)
        return tl::unexpected(unreadable("there is no such checkpoint to start from"));
    const RecordedCheckpoint* start = known ? &all[options.checkpoint] : nullptr;

    Result<engine::Engine> engine = engineAt(recording, start);
    if (!engine)
        return tl::unexpected(engine.error());
    std::uint64_t row = start ? start->row : 0;
    Result<InputCursor> inputs = recording.inputs(row);
    if (!inputs)
        return tl::unexpected(inputs.error());

    ReplayReport report;
    report.digest = start ? start->digest : ActionDigest();
    Comparison comparison(
        std::span<const RecordedCheckpoint>(all).subspan(start ? options.checkpoint + 1 : 0),
        report);
    engine::Actions actions;
    TimePoint before = start ? start->at : TimePoint::min();
    comparison.reached(row);
    while (!options.stop.stop_requested()) {
        const std::optional<RecordedInput> in = inputs->next();
        if (!in)
            break;
        if (in->at < before)
            return tl::unexpected(unreadable(fmt::format("time runs backwards at input {}", row)));
        const auto* configured = std::get_if<engine::Configured>(&in->input);
        if (configured && !engine->hasRevision(configured->revision))
            return tl::unexpected(unreadable(
                fmt::format("configuration {} of input {} is missing", configured->revision, row)));
        before = in->at;
        actions.clear();
        engine->step(in->at, in->input, actions);
        report.digest.add(actions);
        ++row, ++report.rows;
        if (options.onStep)
            options.onStep(*in, actions);
        comparison.reached(row);
    }
    if (inputs->damaged())
        return tl::unexpected(unreadable(fmt::format("input {} cannot be read", row)));
    report.complete = recording.closedInOrder() && row == recording.inputCount();
    return report;
}

} // namespace coldframe::history
