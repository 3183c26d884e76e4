#include <thread>

#include "live_workspace.h"
#include "model/workspace_file.h"
#include "session/test_run.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;

namespace {

/// Test events of a workspace with one function.
class TestRun : public testing::Test {
protected:
    TestRun()
    {
        m_workspace.python("import time\n"
                           "def handler(event, context):\n"
                           "    if event.get('raise'): raise ValueError('boom')\n"
                           "    time.sleep(event.get('sleep', 0))\n"
                           "    return event\n",
                           R"(, "timeoutMs": 900000)");
    }
    void event(const std::string& name, const std::string& text, const std::string& expectation)
    {
        m_workspace.write("events/" + name + ".json", text);
        if (!expectation.empty())
            m_workspace.write("events/" + name + ".expect.json", expectation);
    }
    std::vector<TestCase> find()
    {
        const WorkspaceReading reading = loadWorkspace(m_workspace.folder);
        EXPECT_TRUE(reading.workspace) << describe(reading.errors);
        m_read = *reading.workspace;
        return findTests(m_read, m_workspace.folder);
    }
    std::vector<TestResult> run(TestOptions options = {})
    {
        m_tests = find();
        options.resources = COLDFRAME_SOURCE_DIR "/resources";
        return runTests(m_read, m_tests, options);
    }

    LiveWorkspace m_workspace;
    Workspace m_read;
    std::vector<TestCase> m_tests;
};

TEST_F(TestRun, findsEventsAndWhatIsExpectedOfThem)
{
    event("b", "{}", "");
    event("a", "{}", R"({"result": {}})");
    event("bad", "{}", R"({"resullt": {}})");
    m_workspace.write("events/alone.expect.json", "{}");
    m_workspace.write("events/.hidden.json", "{}");
    m_workspace.write("events/notes.txt", "");
    m_workspace.write("events/files/inside.json", "{}");
    const std::vector<TestCase> tests = find();
    ASSERT_EQ(tests.size(), 4U);
    EXPECT_EQ(tests[0].name, "a");
    EXPECT_EQ(tests[0].function, "f");
    EXPECT_TRUE(tests[0].expectation);
    EXPECT_EQ(tests[0].event, m_workspace.folder / "events/a.json");
    EXPECT_EQ(tests[1].name, "alone");
    EXPECT_EQ(tests[1].errors.size(), 1U);
    EXPECT_EQ(tests[2].name, "b");
    EXPECT_EQ(tests[2].function, "f");
    EXPECT_FALSE(tests[2].expectation);
    EXPECT_TRUE(tests[2].errors.empty());
    EXPECT_EQ(tests[3].name, "bad");
    EXPECT_EQ(describe(tests[3].errors),
              (m_workspace.folder / "events/bad.expect.json").string()
                  + ":1:2: /resullt: an expectation has no key \"resullt\"; did you mean "
                    "\"result\"?\n");
    EXPECT_FALSE(tests[3].expectation);
}

TEST_F(TestRun, aWorkspaceWithoutEventsHasNone)
{
    EXPECT_TRUE(find().empty());
}

TEST_F(TestRun, theFileOfAWorkspaceNamesItsFolder)
{
    event("a", "{}", "{}");
    find();
    const auto tests = findTests(m_read, m_workspace.folder / "coldframe.json");
    ASSERT_EQ(tests.size(), 1U);
    EXPECT_EQ(tests[0].event, m_workspace.folder / "events/a.json");
}

TEST_F(TestRun, tellsEachResultInOrder)
{
    event("a", R"({"n": 1})", R"({"result": {"n": 1}, "maxPlatformMs": 5000})");
    event("b", R"({"n": 1})", R"({"result": {"n": 2}})");
    event("c", "{oops", "{}");
    event("d", R"({"raise": true})", R"({"errorType": "ValueError"})");
    event("e", "{}", "");
    std::vector<std::string> told;
    TestOptions options;
    options.onStarted = [&](std::size_t i) { told.push_back("started " + m_tests[i].name); };
    options.onEnded
        = [&](std::size_t i, const TestResult&) { told.push_back("ended " + m_tests[i].name); };
    const auto results = run(std::move(options));
    EXPECT_EQ(
        told,
        (std::vector<std::string>{"started a", "ended a", "started b", "ended b", "started c",
                                  "ended c", "started d", "ended d", "started e", "ended e"}));
    ASSERT_EQ(results.size(), 5U);
    EXPECT_EQ(results[0].outcome, TestOutcome::Passed);
    EXPECT_TRUE(results[0].answer.cold);
    EXPECT_GT(results[0].observed.init, Duration::zero());
    EXPECT_GT(results[0].observed.cost, Money());
    EXPECT_GE(results[0].took, results[0].answer.desk);
    EXPECT_EQ(results[1].outcome, TestOutcome::Failed);
    ASSERT_EQ(results[1].mismatches.size(), 1U);
    EXPECT_EQ(results[1].mismatches[0].sentence, "/n of the result is 1 instead of 2");
    EXPECT_EQ(results[2].outcome, TestOutcome::Broken);
    EXPECT_NE(describe(*results[2].error).find("events/c.json:1:2: "), std::string::npos)
        << describe(*results[2].error);
    EXPECT_EQ(results[3].outcome, TestOutcome::Passed);
    EXPECT_EQ(results[3].observed.status, check::Status::FunctionError);
    EXPECT_EQ(results[4].outcome, TestOutcome::NothingExpected);
    EXPECT_EQ(results[4].observed.payload, "{}");
}

TEST_F(TestRun, isStoppedInTheMiddleOfATest)
{
    event("a", "{}", "{}");
    event("b", R"({"sleep": 600})", "{}");
    event("c", "{}", "{}");
    std::stop_source stop;
    std::jthread stopper;
    TestOptions options;
    options.stop = stop.get_token();
    options.onStarted = [&](std::size_t index) {
        if (index == 1)
            stopper = std::jthread([&] { stop.request_stop(); });
    };
    const auto results = run(std::move(options));
    ASSERT_EQ(results.size(), 3U);
    EXPECT_EQ(results[0].outcome, TestOutcome::Passed);
    EXPECT_EQ(results[1].outcome, TestOutcome::NotRun);
    EXPECT_EQ(results[2].outcome, TestOutcome::NotRun);
}

TEST_F(TestRun, aWorkspaceThatIsNotTrustedRunsNothing)
{
    event("a", "{}", "{}");
    TestOptions options;
    options.trusted = false;
    const auto results = run(std::move(options));
    EXPECT_EQ(results[0].outcome, TestOutcome::Broken);
    EXPECT_EQ(describe(*results[0].error),
              "this folder's code has not been allowed to run yet; press Trust and start");
}

TEST_F(TestRun, besideASessionThatIsOpenOnTheSameFolder)
{
    event("a", "{}", "{}");
    const auto session = m_workspace.open();
    ASSERT_TRUE(session);
    EXPECT_EQ(run()[0].outcome, TestOutcome::Passed);
    EXPECT_EQ(session->snapshot()->totals.events, 0U);
}

TEST(TestStores, areCopiesAndKnowWhatWasWritten)
{
    LiveWorkspace workspace;
    workspace.write("code/app.py", R"(import os
def handler(event, context):
    where = os.environ["COLDFRAME_STORE_DATA"]
    assert not where.startswith(event["home"]), where
    names = sorted(os.listdir(where))
    for name in event["write"]:
        with open(os.path.join(where, name), "w") as file: file.write("new")
    return names
)");
    workspace.write("coldframe.json", R"({"format": 1, "name": "test",
        "functions": {"f": {"runtime": "python", "interpreter": "/usr/bin/python3",
            "code": "code", "handler": "app.handler"}},
        "stores": {"data": {"kind": "folder", "path": "data"}}})");
    workspace.write("data/old", "old");
    workspace.write("data/other", "other");
    workspace.write("events/a.json",
                    R"({"write": ["old", "new"], "home": ")" + workspace.folder.string() + "\"}");
    workspace.write("events/a.expect.json", R"({"result": ["old", "other"],
        "outputs": [{"store": "data", "key": "old", "text": "new"}]})");
    const WorkspaceReading reading = loadWorkspace(workspace.folder);
    ASSERT_TRUE(reading.workspace) << describe(reading.errors);
    const auto tests = findTests(*reading.workspace, workspace.folder);
    TestOptions options;
    options.resources = COLDFRAME_SOURCE_DIR "/resources";
    for (int again = 0; again < 2; ++again) {
        const auto results = runTests(*reading.workspace, tests, options);
        ASSERT_EQ(results[0].outcome, TestOutcome::Passed)
            << (results[0].error ? describe(*results[0].error)
                                 : results[0].mismatches.front().sentence);
        ASSERT_EQ(results[0].observed.written.size(), 2U);
        EXPECT_EQ(results[0].observed.written[0].key, "new");
        EXPECT_EQ(results[0].observed.written[1].key, "old");
    }
    std::ifstream old(workspace.folder / "data/old");
    std::string text;
    std::getline(old, text);
    EXPECT_EQ(text, "old");
    EXPECT_FALSE(fs::exists(workspace.folder / "data/new"));
}

} // namespace
