#include <gmock/gmock.h>

#include "obstacle_teller.h"

using namespace coldframe;
using namespace coldframe::commands;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// What a run that does not get idle says of what is in its way, and how often.
namespace {

TimePoint at(Duration time)
{
    return TimePoint(1h) + time;
}

session::Snapshot snapshotAt(Duration time, std::optional<session::Obstacle> obstacle)
{
    session::Snapshot snapshot;
    Workspace workspace;
    workspace.triggers.resize(2);
    workspace.triggers[0].name = "drop";
    workspace.triggers[1].name = "work";
    snapshot.workspace = std::make_shared<const Workspace>(std::move(workspace));
    snapshot.triggers.resize(2);
    snapshot.triggers[1].obstacle = std::move(obstacle);
    snapshot.startedAt = at(0s);
    snapshot.now = at(time);
    return snapshot;
}

session::Obstacle poison()
{
    return {.what = "message m of parts",
            .problem = "ValueError: no weight",
            .attempts = 3,
            .since = at(5s),
            .next = at(33s),
            .others = 2,
            .hint = "correct the message"};
}

TEST(ObstacleTeller, tellsWhatWhyHowLongWhenAgainAndWhatToDo)
{
    ObstacleTeller teller;
    EXPECT_THAT(teller.due(snapshotAt(14s, poison())), IsEmpty()) << "it may pass by itself";
    EXPECT_THAT(teller.due(snapshotAt(15s, poison())),
                ElementsAre("waiting: work: message m of parts failed, 3 attempts in 10.0 s "
                            "(ValueError: no weight), and 2 others; it is tried again in 18.0 s; "
                            "correct the message"));
}

TEST(ObstacleTeller, tellsAgainAfterEverLongerPauses)
{
    ObstacleTeller teller;
    std::vector<int> told;
    for (int second = 0; second < 3'000; ++second)
        if (!teller.due(snapshotAt(std::chrono::seconds(second), poison())).empty())
            told.push_back(second);
    EXPECT_THAT(told, ElementsAre(15, 45, 105, 225, 465, 945, 1'545, 2'145, 2'745));
}

TEST(ObstacleTeller, beginsAnewWithTheNextObstacle)
{
    ObstacleTeller teller;
    EXPECT_EQ(teller.due(snapshotAt(15s, poison())).size(), 1U);
    EXPECT_THAT(teller.due(snapshotAt(16s, std::nullopt)), IsEmpty());
    session::Obstacle next = poison();
    next.since = at(16s);
    EXPECT_THAT(teller.due(snapshotAt(25s, next)), IsEmpty());
    EXPECT_EQ(teller.due(snapshotAt(26s, next)).size(), 1U);
}

/// Known from an earlier run: its age is not of this one.
TEST(ObstacleTeller, countsFromTheStartOfTheRun)
{
    ObstacleTeller teller;
    session::Obstacle old = poison();
    old.since = at(-1h);
    EXPECT_THAT(teller.due(snapshotAt(9s, old)), IsEmpty());
    EXPECT_EQ(teller.due(snapshotAt(10s, old)).size(), 1U);
}

TEST(ObstacleTeller, saysWhenItIsBeingTriedOrHasNeverRun)
{
    ObstacleTeller teller;
    session::Obstacle obstacle = poison();
    obstacle.next = std::nullopt;
    obstacle.attempts = 1;
    obstacle.others = 0;
    EXPECT_THAT(teller.due(snapshotAt(1min + 5s, obstacle)),
                ElementsAre("waiting: work: message m of parts failed, 1 attempt in 1 min 00 s "
                            "(ValueError: no weight); it is being tried; correct the message"));
    obstacle.attempts = 0;
    obstacle.what = "record 17";
    obstacle.problem = "throttled";
    obstacle.next = at(2min);
    EXPECT_THAT(teller.due(snapshotAt(3min, obstacle)),
                ElementsAre("waiting: work: record 17 in the way for 2 min 55 s (throttled); it is "
                            "tried again at once; correct the message"));
}

TEST(ObstacleTeller, tellsWhatIsLeftAtTheEnd)
{
    EXPECT_THAT(ObstacleTeller::left(snapshotAt(7s, std::nullopt)), IsEmpty());
    EXPECT_THAT(ObstacleTeller::left(snapshotAt(7s, poison())),
                ElementsAre("not done: work: message m of parts failed, 3 attempts in 2.0 s "
                            "(ValueError: no weight), and 2 others; it comes again at the next "
                            "start; correct the message"));
}

} // namespace
