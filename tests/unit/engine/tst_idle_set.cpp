#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "engine/idle_set.h"

using namespace coldframe::engine;

namespace {

/// What the set must be, the slow way: the idle in order of use, everyone in order of age.
struct Model {
    std::vector<std::uint32_t> byUse; ///< slots, longest idle first
    std::vector<std::uint32_t> byAge; ///< slots of all the living, oldest first

    std::vector<std::uint32_t> idleByAge() const
    {
        const std::set<std::uint32_t> isIdle(byUse.begin(), byUse.end());
        std::vector<std::uint32_t> idle;
        std::ranges::copy_if(byAge, std::back_inserter(idle),
                             [&](std::uint32_t slot) { return isIdle.contains(slot); });
        return idle;
    }
};

class IdleSetWorld {
public:
    explicit IdleSetWorld(std::uint64_t seed) : m_random(seed) { }

    void born()
    {
        // Slots are reused in any order: age must not be read from them.
        const std::uint32_t slot = freeSlot();
        m_model.byAge.push_back(slot);
        m_place[slot] = m_set.enroll(
            slot, [this](std::uint32_t moved, std::uint32_t place) { m_place[moved] = place; });
        idle(slot);
    }
    void idle(std::uint32_t slot)
    {
        m_set.add(m_place[slot]);
        m_model.byUse.push_back(slot);
    }
    /// Takes one by an order of the model's choice and checks that the set chose the same.
    void take()
    {
        const std::vector<std::uint32_t> byAge = m_model.idleByAge();
        const auto n = static_cast<std::uint32_t>(m_random() % byAge.size());
        std::uint32_t wanted = 0, got = 0;
        switch (m_random() % 5) {
        case 0:
            wanted = m_model.byUse.back(), got = m_set.takeMostRecent();
            break;
        case 1:
            EXPECT_EQ(m_set.leastRecent(), m_model.byUse.front());
            wanted = m_model.byUse.front(), got = m_set.takeLeastRecent();
            break;
        case 2:
            wanted = byAge.front(), got = m_set.takeOldest();
            break;
        case 3:
            wanted = byAge.back(), got = m_set.takeNewest();
            break;
        default:
            wanted = byAge[n], got = m_set.takeByAge(n);
        }
        ASSERT_EQ(got, wanted);
        std::erase(m_model.byUse, wanted);
        m_busy.push_back(wanted);
    }
    void finish()
    {
        const std::size_t n = m_random() % m_busy.size();
        const std::uint32_t slot = m_busy[n];
        m_busy.erase(m_busy.begin() + static_cast<std::ptrdiff_t>(n));
        if (m_random() % 4 == 0) // it ends instead
            died(slot);
        else
            idle(slot);
    }
    void expire()
    {
        const std::uint32_t slot = m_model.byUse[m_random() % m_model.byUse.size()];
        m_set.remove(m_place[slot]);
        std::erase(m_model.byUse, slot);
        died(slot);
    }
    void any(std::size_t aim)
    {
        const bool few = m_model.byAge.size() < aim;
        const std::uint64_t what = m_random() % 8;
        if (what < (few ? 4 : 1))
            born();
        else if (what < 6 && !m_model.byUse.empty())
            m_random() % 6 == 0 ? expire() : take();
        else if (!m_busy.empty())
            finish();
        ASSERT_EQ(m_set.size(), m_model.byUse.size());
        ASSERT_EQ(m_set.empty(), m_model.byUse.empty());
    }

private:
    std::uint32_t freeSlot()
    {
        std::uint32_t slot = 0;
        do
            slot = static_cast<std::uint32_t>(m_random() % 100'000);
        while (m_place.contains(slot));
        return slot;
    }
    void died(std::uint32_t slot)
    {
        m_set.strike(m_place[slot]);
        m_place.erase(slot);
        std::erase(m_model.byAge, slot);
    }

    std::mt19937_64 m_random;
    IdleSet m_set;
    Model m_model;
    std::map<std::uint32_t, std::uint32_t> m_place; ///< by slot
    std::vector<std::uint32_t> m_busy;
};

TEST(IdleSet, everyOrderIsWhatASlowModelSays)
{
    struct Row {
        std::size_t aim; ///< about so many alive
        int steps;
    };
    for (const Row row : {Row{3, 3000}, Row{70, 3000}, Row{300, 1500}, Row{1400, 200}}) {
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            SCOPED_TRACE(testing::Message() << row.aim << " alive, seed " << seed);
            IdleSetWorld world(seed);
            for (std::size_t i = 0; i < row.aim; ++i)
                world.born();
            for (int i = 0; i < row.steps && !testing::Test::HasFatalFailure(); ++i)
                world.any(row.aim);
        }
    }
}

} // namespace
