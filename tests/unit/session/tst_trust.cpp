// A folder that came from someone else: nothing of it runs until the user says so.

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "live_workspace.h"
#include "session/trust.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using testing::HasSubstr;

namespace {

/// Whatever of it runs, it leaves a file in ran/.
class Bait {
public:
    Bait()
    {
        m_workspace.write("code/app.py", R"(import os, time
ran = os.path.join(os.environ["RAN"], "code")
open(ran, "w").close()
def handler(event, context):
    if event.get("wait"):
        time.sleep(600)
    return event
)");
        describe(R"("provisionedConcurrency": 1)");
        fs::create_directories(ran());
    }

    void describe(const std::string& settings) const
    {
        m_workspace.write("coldframe.json",
                          R"({"format": 1, "name": "bait", "functions": {"f": {"runtime": "python",
                              "code": "code", "handler": "app.handler", "timeoutMs": 900000,
                              "environment": {"RAN": ")"
                              + ran().string() + R"("}, )" + settings + "}}}");
    }
    /// An interpreter that is a script, as of a version manager: it would be asked what it stands
    /// for.
    void addInterpreter() const
    {
        const fs::path file = folder() / "code/.venv/bin/python";
        m_workspace.write("code/.venv/bin/python",
                          "#!/bin/sh\n: >'" + (ran() / "interpreter").string()
                              + "'\nexec /usr/bin/python3 \"$@\"\n");
        ASSERT_EQ(::chmod(file.c_str(), 0755), 0);
    }
    /// Accepted work of a run that ended before it was done.
    void leaveAnEventInTheJournal(const std::string& event) const
    {
        const auto session = open(true);
        ASSERT_TRUE(session);
        session->send({.function = "f", .event = event, .delivery = engine::Delivery::Async},
                      [](const Answer&) {});
        ASSERT_TRUE(eventually([&] { return fs::exists(ran() / "code"); }));
    }
    void clear() const
    {
        fs::remove_all(ran());
        fs::create_directories(ran());
    }

    std::unique_ptr<Session> open(bool trusted) const
    {
        return m_workspace.open({.trusted = trusted});
    }
    fs::path folder() const { return m_workspace.folder; }
    fs::path ran() const { return m_workspace.folder / "ran"; }
    bool untouched() const { return fs::is_empty(ran()); }

private:
    LiveWorkspace m_workspace;
};

/// So many pictures later: whatever begins by itself has begun.
void letItSettle(const Session& session)
{
    const std::uint64_t number = session.snapshotNumber();
    ASSERT_TRUE(eventually([&] { return session.snapshotNumber() >= number + 5; }));
}

TEST(Trust, withoutItNothingOfTheFolderRuns)
{
    const Bait bait;
    bait.leaveAnEventInTheJournal(R"({"wait": 1})");
    bait.addInterpreter();
    bait.clear();

    auto session = bait.open(false);
    ASSERT_TRUE(session);
    letItSettle(*session);
    bait.describe(R"("provisionedConcurrency": 2)"); // read again: still nobody's to run
    letItSettle(*session);
    session->startTriggers();
    const Answer refused = call(*session, "{}");
    ASSERT_TRUE(refused.refused);
    EXPECT_THAT(describe(*refused.refused), HasSubstr("has not been allowed to run yet"));
    const auto before = session->snapshot();
    EXPECT_TRUE(bait.untouched());
    EXPECT_FALSE(before->trusted);
    EXPECT_EQ(before->desk.processes, 0U);
    EXPECT_EQ(before->totals.events, 0U);

    session->trust();
    // What was accepted once is delivered now, and instances that were asked for are there.
    EXPECT_TRUE(eventually([&] { return session->snapshot()->totals.events == 1; }));
    EXPECT_TRUE(eventually([&] { return fs::exists(bait.ran() / "code"); }));
    EXPECT_TRUE(fs::exists(bait.ran() / "interpreter"));
    EXPECT_TRUE(eventually([&] { return session->snapshot()->functions[0].pool.idle >= 1; }));
}

TEST(Trust, whatIsSentWithItIsServed)
{
    const Bait bait;
    const auto session = bait.open(false);
    ASSERT_TRUE(session);
    session->trust();
    EXPECT_EQ(call(*session, R"({"a":1})").payload, R"({"a": 1})");
}

TEST(Trust, isRememberedOfTheFolderAndOfNoOther)
{
    const Bait bait, other;
    setenv("XDG_CONFIG_HOME", (bait.folder() / "config").c_str(), 1);
    EXPECT_FALSE(isTrusted(bait.folder()));
    {
        const auto session = bait.open(false);
        ASSERT_TRUE(session);
        session->trust();
        ASSERT_TRUE(eventually([&] { return session->snapshot()->trusted; }));
    }
    const auto again = bait.open(false);
    ASSERT_TRUE(again);
    EXPECT_EQ(call(*again, "{}").payload, "{}");
    EXPECT_TRUE(isTrusted(bait.folder()));
    EXPECT_FALSE(isTrusted(other.folder()));
    EXPECT_FALSE(isTrusted(bait.folder() / "code"));
    EXPECT_FALSE(isTrusted(bait.folder().parent_path()));
}

} // namespace
