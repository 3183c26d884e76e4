#include "study/changes.h"

#include <gtest/gtest.h>

// What --set and the window's form are told about a setting is what they are then held to.
namespace coldframe::study {
namespace {

struct Bound {
    const char* path; ///< as it is set
    const char* setting; ///< as it is asked for
    const char* allowed;
    const char* good;
    const char* bad;
};

class Allowed : public testing::TestWithParam<Bound> { };
INSTANTIATE_TEST_SUITE_P(
    Settings, Allowed,
    testing::Values(
        Bound{"functions.f.memoryMb", "memoryMb", "a whole number from 128 to 10240", "128", "127"},
        Bound{"functions.f.reservedConcurrency", "reservedConcurrency", ", or null", "null", "-1"},
        Bound{"functions.f.async.retries", "async.retries", "a whole number from 0 to ", "0", "-1"},
        Bound{"pool.keepAliveS", "pool.keepAliveS", "from 0 to 31536000, or null", "31536000",
              "31536001"},
        Bound{"pool.dispatch", "pool.dispatch", "oldest", "oldest", "old"},
        Bound{"accountConcurrency", "accountConcurrency", "from 1 to 1000000", "1", "0"},
        Bound{"arrivals.rateFactor", "arrivals.rateFactor", "a number above 0, up to 1000", "1000",
              "1000.5"},
        Bound{"seed", "seed", "a whole number from 0", "0", "-1"}));

TEST_P(Allowed, isSaidAsItIsJudged)
{
    const Bound& bound = GetParam();
    const std::string allowed = allowedValues(bound.setting);
    EXPECT_NE(allowed.find(bound.allowed), std::string::npos) << allowed;
    EXPECT_TRUE(readChanges({std::string(bound.path) + '=' + bound.good}, {"f"}));
    const auto refused = readChanges({std::string(bound.path) + '=' + bound.bad}, {"f"});
    ASSERT_FALSE(refused);
    if (std::string_view(bound.setting) != "pool.dispatch") {
        EXPECT_NE(refused.error().message.find(allowed), std::string::npos)
            << refused.error().message;
    }
}

TEST(Changes, wordsOfScenariosAreTaken)
{
    for (const char* setting : {"pool.dispatch=newest-created", "pool.dispatch=oldest-created",
                                "pool.keepAliveS=infinite"})
        EXPECT_TRUE(readChanges({setting}, {"f"})) << setting;
    EXPECT_FALSE(readChanges({"pool.dispatch=newest-made"}, {"f"}));
}

TEST(AllowedValues, areThoseOfEverySettingButThePlatform)
{
    for (const std::string& name : functionSettings())
        EXPECT_FALSE(allowedValues(name).empty()) << name;
    for (const std::string& name : runSettings())
        EXPECT_EQ(allowedValues(name).empty(), name == "platform") << name;
    EXPECT_TRUE(allowedValues("nothing").empty());
}

} // namespace
} // namespace coldframe::study
