#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "live/desk.h"

using coldframe::live::Desk;
using coldframe::live::DeskUser;

namespace {

using Log = std::vector<std::string>;

struct User final : DeskUser {
    User(std::string n, Log& l) : name(std::move(n)), log(l) { }
    void slotGranted() override
    {
        log.push_back(name + " granted");
        if (onGranted)
            onGranted();
    }
    void park() override
    {
        log.push_back(name + " parked");
        if (onPark)
            onPark();
    }
    std::string name;
    Log& log;
    std::function<void()> onGranted, onPark;
};

TEST(Desk, grantsSlotsAtOnceWhileThereAreAny)
{
    Log log;
    User a("a", log), b("b", log), c("c", log);
    Desk desk(2);
    EXPECT_TRUE(desk.request(a));
    EXPECT_TRUE(desk.request(b));
    EXPECT_FALSE(desk.request(c));
    EXPECT_EQ(desk.used(), 2U);
    EXPECT_EQ(desk.waiting(), 1U);
    EXPECT_TRUE(log.empty()) << "a slot granted at once is not announced";
}

TEST(Desk, thoseThatWaitAreServedInTheirOrder)
{
    Log log;
    User a("a", log), b("b", log), c("c", log), d("d", log);
    Desk desk(1);
    desk.request(a);
    for (User* user : {&b, &c, &d})
        desk.request(*user);
    desk.release(a);
    desk.release(b);
    desk.release(c);
    desk.release(d);
    EXPECT_EQ(log, (Log{"b granted", "c granted", "d granted"}));
    EXPECT_EQ(desk.used(), 0U);
    EXPECT_EQ(desk.waiting(), 0U);
}

TEST(Desk, oneThatNoLongerWaitsLosesItsTurn)
{
    Log log;
    User a("a", log), b("b", log), c("c", log);
    Desk desk(1);
    desk.request(a);
    desk.request(b);
    desk.request(c);
    desk.release(b);
    desk.release(a);
    EXPECT_EQ(log, (Log{"c granted"}));
    EXPECT_EQ(desk.used(), 1U);
}

TEST(Desk, releasingWhatHoldsNothingChangesNothing)
{
    Log log;
    User a("a", log), stranger("stranger", log);
    Desk desk(1);
    desk.request(a);
    desk.release(stranger);
    EXPECT_EQ(desk.used(), 1U);
    desk.release(a);
    desk.release(a);
    EXPECT_EQ(desk.used(), 0U);
}

TEST(Desk, theLongestIdleIsParkedForTheOneThatWaits)
{
    Log log;
    User a("a", log), b("b", log), c("c", log);
    Desk desk(2);
    desk.request(a);
    desk.request(b);
    desk.setIdle(b, true);
    desk.setIdle(a, true);
    desk.request(c);
    EXPECT_EQ(log, (Log{"b parked"}));
    desk.release(b); // its process has ended
    EXPECT_EQ(log, (Log{"b parked", "c granted"}));
}

TEST(Desk, oneThatHasWorkAgainIsNotParked)
{
    Log log;
    User a("a", log), b("b", log), c("c", log);
    Desk desk(2);
    desk.request(a);
    desk.request(b);
    desk.setIdle(a, true);
    desk.setIdle(b, true);
    desk.setIdle(a, false);
    desk.request(c);
    EXPECT_EQ(log, (Log{"b parked"}));
}

TEST(Desk, oneIsParkedForEachThatWaitsAndNoMore)
{
    Log log;
    User a("a", log), b("b", log), c("c", log), d("d", log), e("e", log);
    Desk desk(3);
    for (User* user : {&a, &b, &c}) {
        desk.request(*user);
        desk.setIdle(*user, true);
    }
    desk.request(d);
    desk.request(e);
    EXPECT_EQ(log, (Log{"a parked", "b parked"}));
}

TEST(Desk, whoeverBecomesIdleWhileOthersWaitIsParkedAtOnce)
{
    Log log;
    User a("a", log), b("b", log);
    Desk desk(1);
    desk.request(a);
    desk.request(b);
    EXPECT_TRUE(log.empty());
    desk.setIdle(a, true);
    EXPECT_EQ(log, (Log{"a parked"}));
}

TEST(Desk, onlyWhoHoldsASlotCanBeIdle)
{
    Log log;
    User a("a", log), b("b", log), c("c", log);
    Desk desk(1);
    desk.request(a);
    desk.request(b);
    desk.setIdle(b, true); // waits: has no process to park
    desk.request(c);
    EXPECT_TRUE(log.empty());
}

TEST(Desk, aProcessThatCannotBeMadeGivesItsSlotBackFromWithinTheGrant)
{
    Log log;
    User a("a", log), broken("broken", log), c("c", log);
    Desk desk(1);
    broken.onGranted = [&] { desk.release(broken); };
    desk.request(a);
    desk.request(broken);
    desk.request(c);
    desk.release(a);
    EXPECT_EQ(log, (Log{"broken granted", "c granted"}));
    EXPECT_EQ(desk.used(), 1U);
    EXPECT_EQ(desk.waiting(), 0U);
}

TEST(Desk, aChainOfBrokenOnesComesToAnEnd)
{
    Log log;
    std::vector<std::unique_ptr<User>> users;
    Desk desk(1);
    User a("a", log);
    desk.request(a);
    for (int i = 0; i < 500; ++i) {
        users.push_back(std::make_unique<User>(std::to_string(i), log));
        User* user = users.back().get();
        user->onGranted = [&desk, user] { desk.release(*user); };
        desk.request(*user);
    }
    desk.release(a);
    EXPECT_EQ(log.size(), 500U);
    EXPECT_EQ(desk.used(), 0U);
}

TEST(Desk, aProcessThatIsGoneAtOnceWhenParkedMakesRoomAtOnce)
{
    Log log;
    User a("a", log), b("b", log);
    Desk desk(1);
    a.onPark = [&] { desk.release(a); };
    desk.request(a);
    desk.setIdle(a, true);
    EXPECT_FALSE(desk.request(b)) << "it is told through slotGranted";
    EXPECT_EQ(log, (Log{"a parked", "b granted"}));
    EXPECT_EQ(desk.used(), 1U);
}

TEST(Desk, thisMachineHasBetweenTwoAndFiveHundredAndTwelveSlots)
{
    EXPECT_GE(Desk::slotsForThisMachine(), 2U);
    EXPECT_LE(Desk::slotsForThisMachine(), 512U);
}

} // namespace
