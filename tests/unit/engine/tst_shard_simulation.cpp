#include <cstdlib>

#include "shard_world.h"

using namespace coldframe::engine::test;

namespace {

/// Five hundred random shards. SIM_SEED=n runs the one that failed.
TEST(ShardSimulation, everyRecordEndsOnceInOrderAsTheRulesSay)
{
    const char* const only = std::getenv("SIM_SEED");
    const std::uint64_t from = only ? std::stoull(only) : 1;
    int succeeded = 0, exhausted = 0, expired = 0, finals = 0, early = 0;
    for (std::uint64_t seed = from; seed < from + (only ? 1 : 500); ++seed) {
        ShardWorld world(seed);
        world.run();
        ASSERT_FALSE(HasFailure()) << "SIM_SEED=" << seed;
        succeeded += world.succeeded;
        exhausted += world.exhausted;
        expired += world.expired;
        finals += world.finals;
        early += world.early;
    }
    // Else it would not have seen what it is there for.
    EXPECT_TRUE(only
                || (succeeded > 0 && exhausted > 0 && expired > 0 && finals > early && early > 0));
    RecordProperty("records", succeeded + exhausted + expired);
    std::printf(
        "%d records succeeded, %d were given up, %d were too old; %d ends of windows, %d early\n",
        succeeded, exhausted, expired, finals, early);
}

} // namespace
