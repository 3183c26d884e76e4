#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "random_model.h"
#include "sim/backend.h"

// One backend by itself: who is served when, to the nanosecond.
namespace coldframe::sim {

namespace {

using Discipline = BackendRules::Discipline;
using OverLimit = BackendRules::OverLimit;
constexpr Window kWhole{.from = 0, .to = 1'000'000'000'000, .step = 0};

struct Coming {
    std::int64_t at = 0, service = 0;
    std::int64_t leavesAt = Backend::kNever; ///< if it has no answer by then
};
struct Going {
    std::uint32_t visitor = 0;
    std::int64_t at = 0;
    bool operator==(const Going&) const = default;
};

struct Played {
    std::vector<Going> answered;
    std::vector<std::uint32_t> refused;
    BackendFigures figures;
};

/// Like the simulator: at one instant what ends comes before what comes, and both before those who
/// lose patience.
Played play(const BackendRules& rules, const std::vector<Coming>& all,
            const Window& window = kWhole)
{
    Backend backend(rules, window);
    Played played;
    std::vector<std::optional<std::uint32_t>> visits(all.size());
    std::size_t next = 0;
    for (;;) {
        std::int64_t leaves = Backend::kNever;
        std::uint32_t who = 0;
        for (std::uint32_t i = 0; i < next; ++i)
            if (visits[i] && all[i].leavesAt < leaves)
                leaves = all[i].leavesAt, who = i;
        const std::int64_t comes = next < all.size() ? all[next].at : Backend::kNever;
        const std::int64_t now = std::min({backend.next(), comes, leaves});
        if (now == Backend::kNever)
            break;
        if (backend.next() == now) {
            std::vector<std::uint32_t> visitors;
            backend.end(now, visitors);
            for (const std::uint32_t visitor : visitors) {
                visits[visitor].reset();
                played.answered.push_back({visitor, now});
            }
        } else if (comes == now) {
            const auto visitor = static_cast<std::uint32_t>(next++);
            visits[visitor] = backend.enter(now, all[visitor].service, visitor);
            if (!visits[visitor])
                played.refused.push_back(visitor);
        } else {
            backend.leave(now, *visits[who]);
            visits[who].reset();
        }
    }
    played.figures = backend.close();
    return played;
}

BackendRules rulesOf(Discipline discipline, std::uint32_t servers, std::uint32_t connections = 0,
                     OverLimit overLimit = OverLimit::Error)
{
    return {.name = "db",
            .servers = servers,
            .discipline = discipline,
            .maxConnections = connections,
            .overLimit = overLimit};
}

} // namespace

TEST(Backend, FirstComeFirstServed)
{
    const auto played = play(rulesOf(Discipline::Fifo, 2), {{0, 10}, {1, 3}, {2, 5}, {2, 1}});
    EXPECT_EQ(played.answered, (std::vector<Going>{{1, 4}, {2, 9}, {0, 10}, {3, 10}}));
    EXPECT_EQ(played.figures.waitNs == 2 + 7, true);
    EXPECT_EQ(played.figures.responseNs == 10 + 3 + 7 + 8, true);
    EXPECT_EQ(played.figures.busyNs == 19, true);
    EXPECT_EQ(played.figures.peakConnections, 4);
}

/// The first has 6 of its 10 left when the second comes; then each gets half.
TEST(Backend, SharesAreEqual)
{
    const auto played = play(rulesOf(Discipline::Sharing, 1), {{0, 10}, {4, 10}});
    EXPECT_EQ(played.answered, (std::vector<Going>{{0, 16}, {1, 20}}));
    EXPECT_EQ(played.figures.waitNs == 0, true);
    EXPECT_EQ(played.figures.busyNs == 20, true);
}

/// Three visits at two servers get two thirds each, two the whole of one each.
TEST(Backend, SharesOfSeveralServers)
{
    const auto played = play(rulesOf(Discipline::Sharing, 2), {{0, 20}, {0, 20}, {0, 40}});
    EXPECT_EQ(played.answered, (std::vector<Going>{{0, 30}, {1, 30}, {2, 50}}));
    EXPECT_EQ(played.figures.busyNs == 80, true);
}

TEST(Backend, RefusesPastItsConnections)
{
    const auto played
        = play(rulesOf(Discipline::Fifo, 1, 2), {{0, 10}, {1, 10}, {2, 10}, {10, 10}});
    EXPECT_EQ(played.refused, (std::vector<std::uint32_t>{2}));
    // A connection that is given back at an instant can be had at that instant.
    EXPECT_EQ(played.answered, (std::vector<Going>{{0, 10}, {1, 20}, {3, 30}}));
    EXPECT_EQ(played.figures.refused, 1U);
    EXPECT_EQ(played.figures.peakConnections, 2);
}

TEST(Backend, WaitsForAConnection)
{
    const auto rules = rulesOf(Discipline::Sharing, 1, 2, OverLimit::Wait);
    const auto played = play(rules, {{0, 10}, {0, 10}, {5, 10}});
    // Two share until 20; the third has the server to itself then.
    EXPECT_EQ(played.answered, (std::vector<Going>{{0, 20}, {1, 20}, {2, 30}}));
    EXPECT_EQ(played.figures.waitNs == 15, true);
    EXPECT_EQ(played.figures.waitingNs == 15, true);
    EXPECT_EQ(played.figures.peakConnections, 2);
}

/// Who waits is gone at once; what is being served is served to its end, for nobody.
TEST(Backend, ThoseWhoLeave)
{
    for (const OverLimit overLimit : {OverLimit::Error, OverLimit::Wait}) {
        const auto rules
            = rulesOf(Discipline::Fifo, 1, overLimit == OverLimit::Error ? 0 : 1, overLimit);
        const auto played = play(rules, {{0, 10, 5}, {1, 10, 8}, {2, 10}});
        EXPECT_EQ(played.answered, (std::vector<Going>{{2, 20}}));
        EXPECT_EQ(played.figures.abandoned, 1U);
        EXPECT_EQ(played.figures.withdrawn, 1U);
        EXPECT_EQ(played.figures.answered, 1U);
        EXPECT_EQ(played.figures.busyNs == 20, true);
        EXPECT_EQ(played.figures.waitingNs == 7 + 8, true);
    }
}

/// What is under way when the run ends is open, and the integrals end there.
TEST(Backend, OpenAtTheEnd)
{
    const Window window{.from = 2, .to = 12, .step = 0};
    const auto played = play(rulesOf(Discipline::Fifo, 1), {{0, 10}, {3, 10}, {4, 10}}, window);
    EXPECT_EQ(played.figures.visits, 2U);
    EXPECT_EQ(played.figures.answered, 0U);
    EXPECT_EQ(played.figures.open, 2U);
    EXPECT_EQ(played.figures.busyNs == 10, true);
    EXPECT_EQ(played.figures.connectionNs == 8 + 9 + 8, true);
}

/// Whatever the rules: every visit ends in one way, the integrals are the sums of the times
/// (Little's law, exactly), servers do as much as was asked, limits hold.
TEST(Backend, NothingIsLost)
{
    std::uint64_t refused = 0, withdrawn = 0, abandoned = 0, waited = 0;
    for (const std::uint64_t seed : test::seedsToRun(600)) {
        std::mt19937_64 random(seed);
        const auto pick = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
        const BackendRules rules
            = rulesOf(pick(2) ? Discipline::Fifo : Discipline::Sharing, 1 + pick(4),
                      pick(3) ? 1 + pick(8) : 0, pick(2) ? OverLimit::Error : OverLimit::Wait);
        std::vector<Coming> all;
        std::int64_t at = 0;
        for (int i = 0; i < 200; ++i) {
            at += pick(1000);
            all.push_back({at, pick(3000), pick(3) ? Backend::kNever : at + pick(6000)});
        }
        const Played played = play(rules, all);
        const BackendFigures& f = played.figures;
        EXPECT_EQ(f.visits, 200U) << "SIM_SEED=" << seed;
        EXPECT_EQ(f.visits, f.answered + f.abandoned + f.refused + f.withdrawn + f.open);
        EXPECT_EQ(f.open, 0U) << "SIM_SEED=" << seed;
        EXPECT_EQ(f.refused, played.refused.size()) << "SIM_SEED=" << seed;
        EXPECT_EQ(f.answered, played.answered.size()) << "SIM_SEED=" << seed;
        EXPECT_EQ(f.served, f.answered + f.abandoned) << "SIM_SEED=" << seed;
        // All is given back after 200 visits of 4 us at most; else it would count for 1000 s.
        EXPECT_LE(f.connectionNs, 200 * 200 * 4'000) << "SIM_SEED=" << seed;
        EXPECT_LE(f.waitingNs, 200 * 200 * 4'000) << "SIM_SEED=" << seed;
        if (rules.maxConnections > 0) {
            EXPECT_LE(f.peakConnections, rules.maxConnections) << "SIM_SEED=" << seed;
        }
        if (rules.overLimit == OverLimit::Error || rules.maxConnections == 0) {
            EXPECT_TRUE(rules.discipline == Discipline::Fifo || f.waitNs == 0);
        }
        cost::Wide response = 0, asked = 0;
        for (const Going& going : played.answered) {
            const Coming& coming = all[going.visitor];
            EXPECT_GE(going.at, coming.at + coming.service) << "SIM_SEED=" << seed;
            response += static_cast<cost::Wide>(going.at - coming.at);
            asked += static_cast<cost::Wide>(coming.service);
        }
        EXPECT_EQ(response == f.responseNs, true) << "SIM_SEED=" << seed;
        if (f.withdrawn + f.abandoned == 0) {
            // Busy for as long as was asked; sharing ends each at the next whole nanosecond.
            EXPECT_GE(f.busyNs + 1, asked) << "SIM_SEED=" << seed;
            EXPECT_LE(f.busyNs, asked + (rules.discipline == Discipline::Fifo ? 0 : 200 * 4));
            if (rules.overLimit == OverLimit::Error || rules.maxConnections == 0) {
                EXPECT_EQ(f.connectionNs == f.responseNs, true) << "SIM_SEED=" << seed;
            }
        }
        refused += f.refused, withdrawn += f.withdrawn, abandoned += f.abandoned;
        waited += f.waitNs > 0;
    }
    if (std::getenv("SIM_SEED"))
        return;
    EXPECT_GT(refused, 1000U);
    EXPECT_GT(withdrawn, 1000U);
    EXPECT_GT(abandoned, 1000U);
    EXPECT_GT(waited, 100U);
}

/// No number wraps, whatever is asked.
TEST(Backend, EndlessVisits)
{
    constexpr std::int64_t kLongest = std::int64_t{1} << 60;
    for (const Discipline discipline : {Discipline::Fifo, Discipline::Sharing}) {
        Backend backend(rulesOf(discipline, 1'000'000), kWhole);
        for (std::uint32_t i = 0; i < 10; ++i)
            ASSERT_TRUE(backend.enter(0, kLongest, i));
        EXPECT_EQ(backend.next(), kLongest);
        Backend busy(rulesOf(discipline, 1), kWhole);
        for (std::uint32_t i = 0; i < 10'000; ++i)
            ASSERT_TRUE(busy.enter(i, kLongest, i));
        EXPECT_EQ(busy.next(), discipline == Discipline::Fifo ? kLongest : Backend::kNever);
        EXPECT_EQ(busy.close().open, 10'000U);
    }
}

} // namespace coldframe::sim
