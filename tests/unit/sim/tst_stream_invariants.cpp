#include <map>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "random_model.h"
#include "shard_script.h"
#include "sim/engine_run.h"

// What holds for every run with streams: no record is lost or ends twice, records of a key stay in
// order, the figures are those that somebody finds who looks at each step, and the shards decide
// what they decide under the driver of live runs.
namespace coldframe::sim {

namespace {

using namespace std::chrono_literals;

/// Coarse times, so that many things happen at the same instant.
class RandomStreams {
public:
    explicit RandomStreams(std::uint64_t seed) : m_random(seed) { }

    /// Two streams with a function each; tight limits, and a backend that both visit.
    Model model()
    {
        Model model;
        model.seed = m_random();
        model.window = {.from = 0, .to = 400'050'000'000, .step = pick(2) ? 7'000'000'000 : 0};
        model.platform.accountConcurrency = pick(3) ? 1000 : 1 + pick(6);
        model.platform.billingStep = 1ms;
        model.platform.initLimit = 10s;
        if (pick(4) == 0)
            model.platform.saturation = {.policy = engine::Saturation::Policy::Queue,
                                         .maxLength = pick(4),
                                         .deadline = std::chrono::seconds(pick(3))};
        model.backends.push_back({.name = "db", .servers = 1 + pick(3)});
        for (std::uint32_t i = 0; i < 2; ++i) {
            model.streams.push_back(stream("s" + std::to_string(i)));
            model.functions.push_back(function("f" + std::to_string(i), i));
        }
        return model;
    }

private:
    std::uint32_t pick(std::uint32_t n) { return static_cast<std::uint32_t>(m_random() % n); }
    int small(std::uint32_t n) { return static_cast<int>(pick(n)); }

    StreamModel stream(std::string name)
    {
        StreamModel made{.name = std::move(name), .rules = {}, .perRecord = {}};
        ShardRules& rules = made.rules;
        rules.batchSize = 1 + small(12);
        rules.batchWindowS = pick(2) ? 0 : small(5);
        rules.maximumRetryAttempts = pick(4) ? small(4) : -1;
        rules.maximumRecordAgeS = pick(2) ? 60 : -1;
        rules.bisectBatchOnFunctionError = pick(2) != 0;
        rules.reportBatchItemFailures = pick(2) != 0;
        rules.tumblingWindowS = pick(3) ? 0 : 1 + small(20);
        if (rules.tumblingWindowS == 0)
            rules.parallelizationFactor = 1 + small(4);
        made.shards = 1 + pick(4);
        made.keys = pick(3) ? 1 + pick(30) : 0;
        made.zipfExponent = pick(2) ? 0 : 1;
        if (pick(2) != 0)
            made.perRecord = Law::constant(.1 * pick(5));
        made.recordFailureShare = pick(2) ? 0 : .1;
        made.poisonShare = pick(2) ? 0 : .02;
        return made;
    }
    FunctionModel function(std::string name, std::uint32_t stream)
    {
        FunctionModel made;
        made.name = std::move(name);
        made.stream = stream;
        made.rules.timeout = pick(3) ? 0s : Duration(std::chrono::milliseconds(100 * pick(30)));
        if (pick(3) == 0)
            made.rules.reserved = 1;
        made.service
            = pick(2) ? Law::constant(.1 * pick(20)) : Law::exponential(.1 + .1 * pick(15));
        made.failureShare = pick(2) ? 0 : .2;
        if (pick(2) != 0)
            made.coldStart = ColdStart{.law = Law::constant(.1 * pick(30))};
        if (pick(3) == 0)
            made.visits = {{.backend = 0, .service = Law::constant(.1 * pick(5)), .count = 1}};
        const double rate = .1 * (1 + pick(60));
        made.arrivals = pick(2) ? ArrivalModel(RandomArrivals{{{{0, rate}}, false}})
                                : ArrivalModel(EvenArrivals{10 / (1.0 + pick(20))});
        return made;
    }
    std::mt19937_64 m_random;
};

/// Follows each record by what is told of the shards alone.
class Witness {
public:
    explicit Witness(const Model& model)
    {
        for (const StreamModel& stream : model.streams)
            m_streams.emplace_back(stream.shards);
    }

    void look(TimePoint time, const ShardStep& step)
    {
        const std::int64_t at = time.time_since_epoch().count();
        auto& stream = m_streams[step.stream];
        auto& records = stream[step.shard];
        switch (step.what) {
        case ShardStep::What::Came:
            records.push_back({.key = step.key, .cameAt = at});
            return;
        case ShardStep::What::HandedOver:
            for (const auto place : step.order->records)
                lookAtOrder(records, place, step.order->records);
            return;
        case ShardStep::What::GivenUp:
            for (const auto place : step.order->records)
                end(records, place, at);
            return;
        case ShardStep::What::Ended:
            using End = engine::Shard::End;
            const auto& places = step.order->records;
            const std::size_t done = step.answer.end == End::Succeeded ? places.size()
                : step.answer.end == End::SomeFailed                   ? step.answer.firstFailed
                                                                       : 0;
            for (std::size_t i = 0; i < done; ++i)
                end(records, places[i], at);
            return;
        }
    }

    struct Found {
        std::uint64_t came = 0, ended = 0;
        cost::Wide twiceAge = 0, backlogNs = 0;
        std::int64_t oldest = 0;
    };
    /// Of one stream: the oldest of all its records that have not ended, at each moment.
    Found of(std::size_t stream, std::int64_t until) const
    {
        Found found;
        std::multimap<std::int64_t, std::pair<std::int64_t, int>> changes; // +1: came, -1: ended
        for (const auto& records : m_streams[stream])
            for (const Record& record : records) {
                ++found.came;
                found.ended += record.endedAt >= 0;
                const std::int64_t to = record.endedAt >= 0 ? record.endedAt : until;
                found.backlogNs += static_cast<std::uint64_t>(to - record.cameAt);
                changes.emplace(record.cameAt, std::pair(record.cameAt, 1));
                changes.emplace(to, std::pair(record.cameAt, -1));
            }
        std::multiset<std::int64_t> there;
        std::int64_t since = 0;
        for (const auto& [at, change] : changes) {
            if (!there.empty() && at > since) {
                const auto from = static_cast<cost::Wide>(since - *there.begin());
                const auto to = static_cast<cost::Wide>(at - *there.begin());
                found.twiceAge += to * to - from * from;
                found.oldest = std::max(found.oldest, at - *there.begin());
            }
            since = at;
            if (change.second > 0)
                there.insert(change.first);
            else
                there.erase(there.find(change.first));
        }
        return found;
    }

private:
    struct Record {
        std::uint64_t key = 0;
        std::int64_t cameAt = 0, endedAt = -1;
    };
    using Records = std::vector<Record>;
    /// All of its key that came before it have ended, or are before it in the same batch.
    static void lookAtOrder(const Records& records, std::size_t place,
                            const std::vector<engine::Shard::Place>& batch)
    {
        EXPECT_LT(records[place].endedAt, 0) << "handed over though it has ended";
        for (std::size_t i = 0; i < place; ++i)
            if (records[i].key == records[place].key && records[i].endedAt < 0) {
                EXPECT_TRUE(std::ranges::find(batch, i) != batch.end()) << "overtaken";
            }
    }
    static void end(Records& records, std::size_t place, std::int64_t at)
    {
        EXPECT_LT(records.at(place).endedAt, 0) << "ended twice";
        records[place].endedAt = at;
    }
    std::vector<std::vector<Records>> m_streams; ///< by stream and shard
};

} // namespace

TEST(StreamInvariants, EveryRecordEndsOnceAndShardsDecideAsInLiveRuns)
{
    std::uint64_t exhausted = 0, tooOld = 0, throttled = 0, retries = 0, windows = 0, timeouts = 0;
    std::size_t compared = 0;
    for (const std::uint64_t seed : test::seedsToRun(400)) {
        SCOPED_TRACE("SIM_SEED=" + std::to_string(seed));
        const Model model = RandomStreams(seed).model();
        Witness witness(model);
        test::ShardScript script(model);
        const EngineRunOptions watched{.onShard = [&](TimePoint at, const ShardStep& step) {
            witness.look(at, step);
            script.note(at, step);
        }};
        const SystemFigures run = simulateSystem(model, model.seed, watched);
        for (std::size_t s = 0; s < run.streams.size(); ++s) {
            const StreamFigures& stream = run.streams[s];
            EXPECT_EQ(stream.records, stream.done + stream.exhausted + stream.tooOld + stream.left);
            EXPECT_EQ(stream.doneAfter.count(), stream.done);
            const Witness::Found found = witness.of(s, model.window.to);
            EXPECT_EQ(found.came, stream.records);
            EXPECT_EQ(found.ended, stream.records - stream.left);
            EXPECT_TRUE(found.twiceAge == stream.age.twiceIntegral());
            EXPECT_TRUE(found.backlogNs == stream.backlogNs);
            EXPECT_EQ(found.oldest, stream.age.most());
            EXPECT_LE(stream.peakBlocked, model.streams[s].shards);
            exhausted += stream.exhausted, tooOld += stream.tooOld;
            throttled += stream.throttled, retries += stream.retries, windows += stream.windows;
            const Figures& function = run.functions[s];
            EXPECT_EQ(function.arrived,
                      function.cold + function.warm + function.rejected + function.expired
                          + function.waiting);
            EXPECT_LE(function.peakInUse,
                      std::int64_t{model.streams[s].shards}
                          * model.streams[s].rules.parallelizationFactor);
            timeouts += function.timeouts;
        }
        compared += script.compare(model.window.to);
        // Nobody looking, and a second time: the same to the last bit.
        EXPECT_TRUE(run == simulateSystem(model, model.seed));
        if (testing::Test::HasFailure())
            return;
    }
    // The models are not too tame to tell.
    for (const std::uint64_t count : {exhausted, tooOld, throttled, retries, windows, timeouts})
        EXPECT_GT(count, 100U);
    EXPECT_GT(compared, 10'000U);
}

} // namespace coldframe::sim
