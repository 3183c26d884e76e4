#include "live_workspace.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using namespace std::chrono_literals;

namespace {

// Burns 60 ms of CPU, whatever share of a core it gets.
constexpr const char* kBurner = R"(import time
def handler(event, context):
    end = time.process_time() + 0.06
    while time.process_time() < end: pass
    return event
)";

Answer warmAnswer(int memoryMb, Fidelity fidelity)
{
    LiveWorkspace workspace;
    workspace.python(kBurner, ", \"timeoutMs\": 60000, \"memoryMb\": " + std::to_string(memoryMb));
    auto session = workspace.open({.fidelity = fidelity});
    if (!session)
        return {};
    call(*session, "{}");
    return call(*session, "{}");
}

double gigabyteSeconds(const Answer& answer)
{
    return answer.memoryMb / 1024.0 * std::chrono::duration<double>(answer.platform).count();
}

TEST(Fidelity, ofThePlatformReallySlowsAHandlerOfLittleMemory)
{
    const Answer little = warmAnswer(128, Fidelity::Platform);
    EXPECT_EQ(little.outcome, engine::Outcome::Succeeded) << little.payload;
    // 60 ms of CPU at 128/1769 of a core take 829 ms. What it used between the last look at it and
    // its answer it does not stand still for, and on a busy machine the looks come late.
    EXPECT_GT(little.desk, 420ms);
    EXPECT_LE(little.platform, little.desk) << "nothing is stretched a second time";
}

TEST(Fidelity, ofTheDeskModelsTheSameTimeInstead)
{
    const Answer little = warmAnswer(128, Fidelity::Desk);
    EXPECT_GT(little.platform, 700ms);
    EXPECT_LT(little.desk, little.platform);
}

// What a CPU-bound function costs does not depend on its memory: half the share, twice the time.
TEST(Fidelity, ofThePlatformCostsAboutTheSameAtAnyMemory)
{
    const double small = gigabyteSeconds(warmAnswer(256, Fidelity::Platform));
    const double large = gigabyteSeconds(warmAnswer(1024, Fidelity::Platform));
    EXPECT_GT(small, 0);
    EXPECT_NEAR(large / small, 1.0, 0.35);
}

TEST(Fidelity, ofThePlatformWaitsForTheModelledSandbox)
{
    LiveWorkspace workspace;
    workspace.python("def handler(event, context):\n    return event\n");
    auto session = workspace.open({.fidelity = Fidelity::Platform});
    ASSERT_TRUE(session);
    const auto begun = std::chrono::steady_clock::now();
    const Answer cold = call(*session, "{}");
    const auto took = std::chrono::steady_clock::now() - begun;
    EXPECT_TRUE(cold.cold);
    EXPECT_GT(cold.sandbox, 1ms);
    EXPECT_GE(took, cold.sandbox + cold.init);
}

TEST(Fidelity, canBeSwitchedWhileItRunsAndTheInstancesRetire)
{
    LiveWorkspace workspace;
    workspace.python("def handler(event, context):\n    return event\n");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    call(*session, "{}");
    session->setFidelity(Fidelity::Platform);
    ASSERT_TRUE(eventually([&] { return session->snapshot()->fidelity == Fidelity::Platform; }));
    EXPECT_TRUE(call(*session, "{}").cold) << "an instance without a share of its own is gone";
    EXPECT_FALSE(call(*session, "{}").cold);
}

} // namespace
