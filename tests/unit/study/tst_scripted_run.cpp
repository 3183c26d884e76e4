#include "history_fixture.h"
#include "study/script_maker.h"
#include "virtual_driver.h"

#include "book.h"
#include "cost/bill.h"
#include "sim/scripted_run.h"

// A recorded run, taken apart and played again on a virtual clock, comes out as it was: whatever
// happened in it.
namespace coldframe::study {
namespace {

using engine::test::VirtualDriver;
using history::ActionDigest;

/// Records a made-up world from one of its inputs on, as a recording that follows another begins.
class Recording {
public:
    explicit Recording(const VirtualDriver& world, std::size_t from = 0)
    {
        auto writer = std::move(
            *history::RecordingWriter::create(m_folder.path() / "r", history::sampleHeader()));
        engine::Engine engine;
        for (std::uint32_t n = 0; world.engine.hasRevision(n); ++n) {
            engine.define(world.engine.revision(n));
            writer->configuration(world.engine.revision(n));
        }
        ActionDigest digest;
        engine::Actions actions;
        for (std::size_t row = 0; row < world.inputs.size(); ++row) {
            const auto& [now, input] = world.inputs[row];
            if (row == from)
                writer->checkpoint(now, engine.save(), digest);
            if (row >= from)
                writer->input(now, input);
            actions.clear();
            engine.step(now, input, actions);
            digest.add(actions);
        }
        EXPECT_TRUE(writer->close(world.inputs.back().first, digest));
        writer.reset();
        auto reader = history::RecordingReader::open(m_folder.path() / "r");
        EXPECT_TRUE(reader) << history::messageOf(reader);
        auto run = makeScript(*reader, {});
        EXPECT_TRUE(run) << history::messageOf(run);
        recorded = std::move(*run);
        atEnd = digest;
    }

    RecordedRun recorded;
    ActionDigest atEnd; ///< as it was when recorded

private:
    test::TemporaryFolder m_folder;
};

struct Played {
    sim::ScriptedResult result;
    ActionDigest digest;
};

Played play(const RecordedRun& run, sim::ScriptedRunOptions options = {})
{
    Played played;
    played.digest = run.digestBefore;
    if (options.configurations.empty())
        options.configurations = run.script.configurations;
    options.step = run.step;
    options.onActions = [&](TimePoint, auto actions) { played.digest.add(actions); };
    played.result = sim::runScript(run.script, options);
    return played;
}

class ScriptedRun : public testing::TestWithParam<std::uint64_t> { };
INSTANTIATE_TEST_SUITE_P(Seeds, ScriptedRun, testing::Range(std::uint64_t{1}, std::uint64_t{31}));

TEST_P(ScriptedRun, unchangedItTakesTheSameDecisionsToTheLastBit)
{
    VirtualDriver world(GetParam());
    world.run(true);
    const Recording recording(world);
    EXPECT_EQ(recording.recorded.digest, recording.atEnd);
    const Played played = play(recording.recorded);
    EXPECT_EQ(played.digest, recording.atEnd);
    EXPECT_EQ(played.result.allOrigins.drawn + played.result.allOrigins.assumed, 0u);
    EXPECT_EQ(played.result.allOrigins.taken > 0, world.tally.started > 0);
    EXPECT_EQ(played.result.end, recording.recorded.script.end);
    EXPECT_TRUE(recording.recorded.figures.total.figures == played.result.figures.total.figures);
    const auto p95 = [](const sim::RunBook::Result& run) {
        std::vector<std::optional<double>> values;
        for (const auto& latency : run.course.latency)
            values.push_back(latency.p95S);
        return values;
    };
    EXPECT_EQ(p95(recording.recorded.figures), p95(played.result.figures));
}

TEST_P(ScriptedRun, aRecordingThatGoesOnFromAnotherComesOutTheSame)
{
    VirtualDriver world(GetParam());
    world.run(true);
    const Recording recording(world, world.inputs.size() / 3);
    EXPECT_EQ(recording.recorded.digest, recording.atEnd);
    EXPECT_EQ(play(recording.recorded).digest, recording.atEnd);
}

TEST_P(ScriptedRun, underOtherSettingsEveryEventStillEndsOnce)
{
    VirtualDriver world(GetParam());
    world.run(false);
    for (const std::size_t from : {std::size_t{0}, world.inputs.size() / 3}) {
        const Recording recording(world, from);
        sim::ScriptedRunOptions options{.configurations = recording.recorded.script.configurations,
                                        .changed = true,
                                        .rateFactor = 2.5,
                                        .seed = GetParam()};
        for (engine::Configuration& c : options.configurations) {
            c.platform.accountConcurrency = 7;
            c.platform.keepAlive.survival = {{std::chrono::seconds(1), 0}};
            for (engine::FunctionRules& f : c.functions) {
                f.timeout *= 2;
                f.reserved.reset();
                f.maxInstances.reset();
                f.instanceConcurrency = 1;
                f.retries = 2;
            }
        }
        const Played played = play(recording.recorded, options);
        const sim::Figures& all = played.result.figures.total.figures;
        // Some are cancelled before they are served.
        EXPECT_LE(all.cold + all.warm + all.rejected + all.expired, all.arrived);
        EXPECT_GT(all.cold, 0u);
        EXPECT_GT(played.result.allOrigins.drawn + played.result.allOrigins.assumed, 0u);
        if (from == 0) {
            EXPECT_LE(all.peakInUse, 7 + 4) << "and four provisioned ones";
            // A debugger that holds an old instance may be gone for good.
            EXPECT_EQ(all.waiting + all.unfinished, 0u) << "settled";
        }
        const Played again = play(recording.recorded, options);
        EXPECT_EQ(again.digest, played.digest) << "the same seed, the same run";
    }
}

using namespace std::chrono_literals;

constexpr Duration kInit = 100ms, kWork = 50ms;

/// One function, one recorded invocation every `gap`, each served cold within kInit and kWork.
sim::Script madeScript(std::uint32_t invocations, Duration gap)
{
    sim::Script script;
    script.names = {"f"};
    script.configurations = {engine::test::oneFunction()};
    script.told.push_back({TimePoint{}, 0, engine::Configured{0}});
    const auto chain = [&](sim::Trigger what, std::uint32_t of, engine::Input first,
                           engine::Input last, Duration length) {
        const auto begin = static_cast<std::uint32_t>(script.steps.size());
        const std::uint64_t row = 1000 + begin;
        script.steps.push_back({{}, row, first});
        script.steps.push_back({length, row + 1, last});
        script.chains.push_back({.key = {what, of, 1},
                                 .first = begin,
                                 .count = 2,
                                 .ending = begin + 1,
                                 .known = length,
                                 .memoryMb = script.configurations[0].functions[0].memoryMb,
                                 .cold = what == sim::Trigger::Work,
                                 .whole = true});
    };
    for (std::uint32_t n = 1; n <= invocations; ++n) {
        const TimePoint at{gap * (n - 1)};
        script.told.push_back({at, n, engine::Arrived{.bytes = 10}, n});
        chain(sim::Trigger::Start, n, engine::InitStarted{}, engine::Ready{}, kInit);
        chain(sim::Trigger::Work, n, engine::WorkStarted{},
              engine::WorkFinished{.wall = kWork, .cpu = kWork / 2}, kWork);
    }
    script.rows = 5000;
    script.end = TimePoint{gap * invocations + 1s};
    script.settled = true;
    std::ranges::sort(script.chains, {}, &sim::Chain::key);
    return script;
}

sim::ScriptedResult playMade(const sim::Script& script,
                             const std::function<void(engine::Configuration&)>& change,
                             double rateFactor = 1)
{
    sim::ScriptedRunOptions options{
        .configurations = script.configurations, .changed = true, .rateFactor = rateFactor};
    for (engine::Configuration& configuration : options.configurations)
        change(configuration);
    return sim::runScript(script, options);
}

TEST(ScriptedRunByHand, aLimitBelowWhatArrivesAtOnceThrottlesTheRest)
{
    const sim::Script script = madeScript(10, Duration{});
    for (const std::uint32_t limit : {10u, 4u, 0u}) {
        const auto result
            = playMade(script, [&](engine::Configuration& c) { c.functions[0].reserved = limit; });
        EXPECT_EQ(result.figures.total.coldStarts, limit);
        EXPECT_EQ(result.figures.total.throttled, 10 - limit);
        EXPECT_EQ(result.figures.total.figures.peakInUse, limit);
        EXPECT_EQ(result.allOrigins.taken, 2 * limit);
        EXPECT_EQ(result.allOrigins.drawn, 0u);
    }
}

TEST(ScriptedRunByHand, aKeepAliveBelowTheGapMakesEveryStartCold)
{
    const sim::Script script = madeScript(10, 1s);
    const auto coldAt = [&](Duration keepAlive) {
        return playMade(script,
                        [&](engine::Configuration& c) {
                            c.platform.keepAlive.survival = {{keepAlive, 0}};
                        })
            .figures.total.coldStarts;
    };
    EXPECT_EQ(coldAt(500ms), 10u);
    EXPECT_EQ(coldAt(849ms), 10u) << "1 s without init and work are idle";
    EXPECT_EQ(coldAt(960ms), 1u);
}

TEST(ScriptedRunByHand, copiesOfArrivalsAreDrawnAndLieEvenlyBetweenTheRecordedOnes)
{
    const sim::Script script = madeScript(10, 1s);
    const auto result = playMade(
        script, [](engine::Configuration&) {}, 10);
    EXPECT_EQ(result.figures.total.figures.arrived, 100u);
    // 100 ms apart, 50 ms each: while the first starts, the second needs an instance of its own.
    EXPECT_EQ(result.figures.total.coldStarts, 2u);
    EXPECT_EQ(result.allOrigins.all(), 102u);
    EXPECT_EQ(result.allOrigins.taken, 11u);
    const auto thin = playMade(
                          script, [](engine::Configuration&) {}, 0.5)
                          .figures.total;
    EXPECT_GT(thin.figures.arrived, 0u);
    EXPECT_LT(thin.figures.arrived, 10u);
}

/// 20 events a second apart, of which the first starts cold: what the course of latency and cost
/// must be is known by hand.
TEST(ScriptedRunByHand, theCourseOfLatencyAndCostIsThatOfTheAttempts)
{
    const sim::Script script = madeScript(20, 1s);
    const cost::PriceBook book = cost::tests::shippedBook();
    for (const std::uint32_t provisioned : {0u, 3u}) {
        sim::ScriptedRunOptions options{.configurations = script.configurations,
                                        .changed = true,
                                        .prices = {.book = &book},
                                        .step = 1s};
        options.configurations[0].functions[0].provisioned = provisioned;
        const sim::RunBook::Result run = sim::runScript(script, options).figures;
        const sim::RunCourse& course = run.course;
        ASSERT_EQ(course.cost.size(), run.total.figures.steps.size());
        const Money bill = cost::billTotal(run.total.meters, book, {.freeTier = false});
        EXPECT_EQ(course.cost.back(), bill) << "with " << provisioned << " provisioned";
        EXPECT_GT(bill, Money{});
        EXPECT_TRUE(std::ranges::is_sorted(course.cost));
        const auto before = static_cast<std::int64_t>(course.cost.size() - 1);
        EXPECT_EQ(1s * before + course.lastStep, script.end - script.begin + Duration(1));
        // Five steps of one second, one attempt in each.
        ASSERT_EQ(course.latency.size(), (course.cost.size() + 4) / 5);
        for (std::size_t i = 0; i < 4; ++i) {
            ASSERT_TRUE(course.latency[i].p50S && course.latency[i].p95S);
            EXPECT_NEAR(*course.latency[i].p50S, 0.050, 0.050 * 0.008);
        }
        EXPECT_GT(*course.latency[0].p95S, 0.1) << "the first comes before any is ready";
        EXPECT_NEAR(*course.latency[3].p95S, 0.050, 0.050 * 0.008);
        EXPECT_FALSE(course.latency.back().p50S) << "nothing ended in the last second";
    }
}

TEST(ScriptedRunByHand, memoryScalesWhatTheCpuDoes)
{
    const sim::Script script = madeScript(1, 1s);
    const auto figuresAt = [&](std::uint32_t memoryMb, Fidelity fidelity) {
        return playMade(script,
                        [&](engine::Configuration& c) {
                            c.functions[0].memoryMb = memoryMb;
                            c.fidelity = fidelity;
                            c.platform.mbPerVcpu = 1000;
                        })
            .figures.total.figures;
    };
    const auto serviceAt = [&](std::uint32_t memoryMb, Fidelity fidelity) {
        return Duration(static_cast<std::int64_t>(figuresAt(memoryMb, fidelity).serviceNs));
    };
    const auto heldAt = [&](std::uint32_t memoryMb, Fidelity fidelity) {
        return Duration(static_cast<std::int64_t>(figuresAt(memoryMb, fidelity).inUseNs));
    };
    EXPECT_EQ(serviceAt(1000, Fidelity::Desk), kWork);
    EXPECT_EQ(serviceAt(2000, Fidelity::Desk), kWork) << "one thread gets one core at most";
    EXPECT_EQ(serviceAt(500, Fidelity::Desk), kWork / 2 + kWork);
    EXPECT_EQ(serviceAt(250, Fidelity::Desk), kWork / 2 + 2 * kWork);
    // On the desk it holds its instance for as long as it did; at the platform's pace for longer.
    EXPECT_EQ(heldAt(500, Fidelity::Desk), kInit + kWork);
    EXPECT_EQ(serviceAt(1000, Fidelity::Platform), kWork);
    EXPECT_EQ(serviceAt(500, Fidelity::Platform), kWork / 2 + kWork);
    EXPECT_EQ(heldAt(500, Fidelity::Platform), kInit + kWork / 2 + kWork);
}

/// Whoever raises a timeout wants to know what comes of what it cut off, and nobody saw that.
TEST(ScriptedRunByHand, whatATimeoutCutOffTakesAsLongAsOneThatTookLonger)
{
    sim::Script script = madeScript(2, 1s);
    sim::Chain& cut = *std::ranges::find_if(script.chains, [](const sim::Chain& chain) {
        return chain.key == sim::ChainKey{sim::Trigger::Work, 1, 1};
    });
    cut.count = 1, cut.ending = sim::Chain::kOpen, cut.known = 20ms;
    const auto timeoutsAt = [&](Duration timeout) {
        return playMade(script,
                        [&](engine::Configuration& c) { c.functions[0].timeout = timeout; });
    };
    EXPECT_EQ(timeoutsAt(20ms).figures.total.figures.timeouts, 2u);
    EXPECT_EQ(timeoutsAt(20ms).allOrigins.drawn, 0u);
    EXPECT_EQ(timeoutsAt(1s).figures.total.figures.timeouts, 0u);
    EXPECT_EQ(timeoutsAt(1s).allOrigins.drawn, 1u);
    cut.known = 60ms; // longer than any that ended: it goes on to the limit
    EXPECT_EQ(timeoutsAt(200ms).figures.total.figures.timeouts, 1u);
}

} // namespace
} // namespace coldframe::study
