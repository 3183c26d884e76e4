// What examples/scale promises, on real processes: many instances on two cores, throttles at a
// reserved concurrency, then idle, then retired by the platform's keep-alive.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "live_workspace.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using testing::HasSubstr;

namespace {

class Scale : public testing::Test {
protected:
    /// The example as it is shipped, on the shipped platform with a keep-alive one can wait for.
    void open()
    {
        fs::copy(COLDFRAME_SOURCE_DIR "/examples/scale", m_workspace.folder,
                 fs::copy_options::recursive);
        const fs::path resources = m_workspace.folder / "resources";
        fs::copy(COLDFRAME_SOURCE_DIR "/resources", resources, fs::copy_options::recursive);
        const fs::path file = resources / "platforms/aws-lambda-x86_64.json";
        auto platform = nlohmann::ordered_json::parse(std::ifstream(file));
        platform["keepAlive"]["policy"]["value"] = "fixed";
        platform["keepAlive"]["fixed"]["value"] = 2;
        platform["keepAlive"]["fixed"]["unit"] = "s";
        std::ofstream(file) << platform;
        Options options{.workspace = m_workspace.folder, .resources = resources};
        auto session = Session::open(std::move(options));
        ASSERT_TRUE(session) << describe(session.error());
        m_session = std::move(*session);
    }
    void TearDown() override { m_session.reset(); }

    /// Sends at this rate for this long, and watches.
    void send(const std::string& function, const SendPlan& plan)
    {
        const FunctionId id = m_session->snapshot()->workspace->functionId(function);
        const std::uint64_t before = m_session->snapshot()->totals.events;
        ASSERT_TRUE(
            m_session->sendAtRate({.function = function, .event = R"({"order": 1})"}, plan));
        ASSERT_TRUE(eventually([&] {
            const auto now = m_session->snapshot();
            m_peak = std::max(m_peak, now->functions[id].pool.busy);
            return now->totals.events > before && !now->sending && m_session->idle();
        }));
        m_after = m_session->snapshot();
        m_view = m_after->functions[id];
    }

    LiveWorkspace m_workspace;
    std::unique_ptr<Session> m_session;
    std::uint32_t m_peak = 0; ///< busy at once
    std::shared_ptr<const Snapshot> m_after;
    FunctionView m_view;
};

TEST_F(Scale, fortyASecondNeedThirtyInstancesWhichAreIdleAndThenRetired)
{
    open();
    send("slow", {.perSecond = 40, .length = std::chrono::seconds(5)});
    EXPECT_GE(m_peak, 30U);
    EXPECT_EQ(m_after->totals.events, 200U);
    EXPECT_EQ(m_after->totals.succeeded, 200U);
    EXPECT_EQ(m_after->totals.throttled, 0U);
    EXPECT_GE(m_view.coldStarts, 30U);
    EXPECT_LE(m_view.coldStarts, 180U) << "warm ones serve again, also where starts are slow";
    EXPECT_GE(m_view.pool.idle, 30U);
    ASSERT_TRUE(eventually([&] { return m_session->snapshot()->functions[0].pool.idle == 0; }))
        << "keep-alive is over";
    const auto last = m_session->snapshot();
    for (const Lane& lane : last->lanes)
        EXPECT_TRUE(lane.retiredAt) << lane.serial;
    EXPECT_EQ(m_session->snapshot()->desk.processes, 0U);
}

TEST_F(Scale, aReservedConcurrencyOfTenThrottlesWithItsNumbers)
{
    open();
    send("slow-limited", {.perSecond = 40, .length = std::chrono::seconds(3)});
    EXPECT_EQ(m_peak, 10U);
    EXPECT_EQ(m_after->totals.events, 120U);
    EXPECT_GT(m_after->totals.throttled, 30U);
    EXPECT_EQ(m_after->totals.succeeded + m_after->totals.throttled, 120U);
    const auto rows = m_after->attempts;
    std::string said;
    for (std::uint64_t row = rows.firstRow(); row < rows.endRow() && said.empty(); ++row)
        if (rows[row].ending == history::Ending::Rejected)
            said = engine::describe(
                {rows[row].why, rows[row].reasonA, rows[row].reasonB, rows[row].reasonC});
    EXPECT_THAT(said, HasSubstr("10"));
}

TEST_F(Scale, everyShapeSendsWhatItSays)
{
    open();
    const struct {
        const char* name;
        SendPlan plan;
        std::uint64_t least, most;
    } rows[] = {
        {"ramp",
         {.shape = SendPlan::Shape::Ramp,
          .perSecond = 10,
          .toPerSecond = 50,
          .length = std::chrono::seconds(2)},
         59,
         61},
        {"burst",
         {.shape = SendPlan::Shape::Burst,
          .perSecond = 2,
          .burstSize = 15,
          .length = std::chrono::seconds(2)},
         60,
         75},
        {"Poisson", {.shape = SendPlan::Shape::Poisson, .perSecond = 40, .count = 50}, 50, 50},
    };
    std::uint64_t before = 0;
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        send("slow", row.plan);
        const std::uint64_t sent = m_after->totals.events - before;
        before = m_after->totals.events;
        EXPECT_GE(sent, row.least);
        EXPECT_LE(sent, row.most);
    }
}

} // namespace
