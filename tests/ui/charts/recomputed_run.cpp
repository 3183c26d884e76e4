#include "recomputed_run.h"

#include <algorithm>
#include <cmath>

#include "cost/price_book.h"
#include "engine/engine.h"
#include "engine/platform_file.h"
#include "history/recording_reader.h"
#include "session/snapshot.h"

namespace coldframe::charts_test {

namespace {

using history::AttemptLog;
using history::AttemptRow;
using session::kBucketLength;

/// `quantity` metered units at the first tier, rounded down as every line of a bill.
std::int64_t priced(cost::Wide quantity, const cost::Rate& rate)
{
    return static_cast<std::int64_t>(quantity * rate.tiers.front().picodollars / rate.unit.per);
}

class Recomputation {
public:
    Recomputation(const history::RecordingReader& recording, TimePoint begin, TimePoint end)
        : m_recording(recording), m_begin(begin), m_end(end)
    { }

    RecomputedRun run();

private:
    bool readRules();
    void follow(history::InputCursor& inputs);
    void advanceTo(TimePoint at);
    void notePools();
    void note(TimePoint at, const engine::Action& action);
    void noteAttempt(TimePoint at, const engine::Meter& meter);
    Slice& slice() { return m_run.slices.back(); }

    const history::RecordingReader& m_recording;
    const TimePoint m_begin, m_end;
    engine::Engine m_engine;
    std::size_t m_functions = 0; ///< known to the engine
    cost::PriceBook m_prices;
    Duration m_sandbox{};
    AttemptLog m_rows;
    std::uint64_t m_row = 0;
    cost::Wide m_requests = 0, m_onDemand = 0, m_onProvisioned = 0; ///< metered
    RecomputedRun m_run;
};

bool Recomputation::readRules()
{
    const auto platform = engine::readPlatform(m_recording.header().platform, "platform");
    auto prices = cost::readPriceBook(m_recording.header().priceBook, "prices");
    if (!platform || !prices) {
        m_run.problem = describe(platform ? prices.error() : platform.error());
        return false;
    }
    m_sandbox = platform->sandbox;
    m_prices = std::move(*prices);
    for (const engine::Configuration& configuration : m_recording.configurations())
        m_engine.define(configuration);
    m_recording.readAttempts(m_rows);
    return true;
}

RecomputedRun Recomputation::run()
{
    if (!readRules())
        return m_run;
    m_run.slices.emplace_back();
    auto inputs = m_recording.inputs();
    if (inputs)
        follow(*inputs);
    else
        m_run.problem = describe(inputs.error());
    advanceTo(m_end);
    for (Slice& slice : m_run.slices)
        std::ranges::sort(slice.latenciesMs);
    return m_run;
}

void Recomputation::follow(history::InputCursor& inputs)
{
    engine::Actions actions;
    while (const auto recorded = inputs.next()) {
        if (recorded->at > m_end)
            break;
        advanceTo(recorded->at);
        actions.clear();
        m_engine.step(recorded->at, recorded->input, actions);
        if (std::holds_alternative<engine::Configured>(recorded->input))
            m_functions = m_engine.configuration().functions.size();
        if (std::holds_alternative<engine::Arrived>(recorded->input))
            ++slice().arrived;
        if (std::holds_alternative<engine::CodeChanged>(recorded->input))
            ++m_run.seen.codeChanges;
        for (const engine::Action& action : actions)
            note(recorded->at, action);
        notePools();
    }
    if (inputs.damaged())
        m_run.problem = "the recording's inputs are damaged";
}

/// Opens the slices up to this time; each begins with the pools as they are.
void Recomputation::advanceTo(TimePoint at)
{
    while (at >= m_begin + kBucketLength * static_cast<std::int64_t>(m_run.slices.size())) {
        m_run.slices.emplace_back();
        notePools();
    }
}

void Recomputation::notePools()
{
    std::uint32_t busy = 0, idle = 0, initialising = 0, limit = 0, shared = 0;
    for (FunctionId function = 0; function < m_functions; ++function) {
        const engine::PoolCounts pool = m_engine.counts(function);
        busy += pool.busy;
        idle += pool.idle;
        initialising += pool.initialising;
        if (pool.shares)
            shared = pool.limit;
        else
            limit += pool.limit;
    }
    limit += shared; // what the account leaves is one, however many functions share it
    const std::uint32_t alive = busy + idle + initialising;
    const std::uint32_t most = slice().busy + slice().idle + slice().initialising;
    const bool fuller = alive != most ? alive > most
        : idle != slice().idle        ? idle < slice().idle
                                      : initialising > slice().initialising;
    if (fuller) {
        slice().busy = busy;
        slice().idle = idle;
        slice().initialising = initialising;
    }
    slice().limits.insert(limit);
}

void Recomputation::note(TimePoint at, const engine::Action& action)
{
    if (std::holds_alternative<engine::Reject>(action))
        ++slice().throttled;
    if (std::holds_alternative<engine::Release>(action))
        ++m_run.seen.retried;
    if (const auto* meter = std::get_if<engine::Meter>(&action))
        noteAttempt(at, *meter);
}

/// The figures are those of the recorded row; the engine says when it ended, and must agree.
void Recomputation::noteAttempt(TimePoint at, const engine::Meter& meter)
{
    while (m_row < m_rows.view().endRow()
           && m_rows.view()[m_row].ending == history::Ending::Rejected)
        ++m_row;
    if (m_row >= m_rows.view().endRow()) {
        m_run.problem = "an attempt was not recorded";
        return;
    }
    const AttemptRow row = m_rows.view()[m_row++];
    const bool cold = row.start == history::StartKind::Cold;
    const bool deskWaited = row.flags & history::kDeskWaited;
    if (row.invocation != meter.invocation.serial || row.attempt != meter.attempt
        || row.platform != meter.platform || row.init != meter.init || row.billed != meter.billed
        || cold != meter.cold || deskWaited != meter.deskWaited)
        m_run.problem = "a recorded attempt is not the replay's";
    ++slice().ended;
    if (!deskWaited)
        slice().latenciesMs.push_back(
            toMilliseconds(row.platform + row.init + (cold ? m_sandbox : Duration{})));

    m_requests += 1;
    (meter.provisioned ? m_onProvisioned : m_onDemand)
        += static_cast<cost::Wide>(row.billed.count()) * row.memoryMb;
    using cost::Resource;
    const auto spentOn = [&](cost::Wide used, Resource resource) {
        return priced(used, *m_prices.rate(resource));
    };
    const Spent spent{.at = at,
                      .requests = spentOn(m_requests, Resource::Requests),
                      .compute = spentOn(m_onDemand, Resource::ComputeX86),
                      .provisioned = spentOn(m_onProvisioned, Resource::ProvisionedComputeX86)};
    const std::int64_t before = m_run.spent.empty() ? 0 : m_run.spent.back().total();
    if (row.costPicodollars != spent.total() - before)
        m_run.problem = "the costs of attempts do not add up";
    m_run.spent.push_back(spent);

    Seen& seen = m_run.seen;
    seen.cold += cold;
    seen.deskWaited += deskWaited;
    seen.failed += row.ending != history::Ending::Succeeded;
    seen.timedOut += row.ending == history::Ending::TimedOut;
    seen.provisioned += row.start == history::StartKind::Provisioned;
}

} // namespace

double RecomputedRun::percentileMs(std::size_t slice, double p) const
{
    const std::vector<double>& sorted = slices[slice].latenciesMs;
    const double rank = std::ceil(p * static_cast<double>(sorted.size()));
    return sorted[static_cast<std::size_t>(rank) - 1];
}

Spent RecomputedRun::spentBefore(TimePoint at) const
{
    const auto next = std::ranges::lower_bound(spent, at, {}, &Spent::at);
    return next == spent.begin() ? Spent{} : *std::prev(next);
}

RecomputedRun recompute(const std::string& recording, TimePoint begin, TimePoint end)
{
    const auto reader = history::RecordingReader::open(recording);
    if (!reader)
        return {.problem = describe(reader.error())};
    return Recomputation(*reader, begin, end).run();
}

} // namespace coldframe::charts_test
