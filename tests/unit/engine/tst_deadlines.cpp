#include <map>
#include <random>

#include <gtest/gtest.h>

#include "engine/deadlines.h"

using namespace coldframe;
using namespace coldframe::engine;

namespace {

// Against a plain ordered map, over random arming, disarming and taking.
TEST(Deadlines, agreeWithAnOrderedMap)
{
    for (unsigned seed = 0; seed < 200; ++seed) {
        std::mt19937 random(seed);
        Deadlines deadlines;
        std::map<std::pair<TimePoint, std::uint64_t>, std::uint32_t> byTime;
        std::map<std::uint32_t, std::pair<TimePoint, std::uint64_t>> byId;
        std::uint64_t order = 0;
        const auto drop = [&](std::uint32_t id) {
            if (const auto it = byId.find(id); it != byId.end()) {
                byTime.erase(it->second);
                byId.erase(it);
            }
        };
        for (int i = 0; i < 500; ++i) {
            const auto id = static_cast<std::uint32_t>(random() % 20);
            if (random() % 3 != 0) {
                const TimePoint at{Duration(random() % 50)};
                deadlines.arm(id, at, ++order);
                drop(id);
                byId[id] = {at, order};
                byTime[{at, order}] = id;
            } else if (random() % 2 == 0) {
                deadlines.disarm(id);
                drop(id);
            } else if (deadlines.next()) {
                ASSERT_FALSE(byTime.empty()) << "seed " << seed;
                ASSERT_EQ(deadlines.next()->at, byTime.begin()->first.first) << "seed " << seed;
                const std::uint32_t expected = byTime.begin()->second;
                ASSERT_EQ(deadlines.take(), expected) << "seed " << seed;
                drop(expected);
            }
            ASSERT_EQ(deadlines.next() != nullptr, !byTime.empty()) << "seed " << seed;
        }
    }
}

} // namespace
