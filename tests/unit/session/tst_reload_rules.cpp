// Which saved changes of the settings keep warm instances, and which retire them.

#include <gmock/gmock.h>

#include <atomic>

#include "live_workspace.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;

namespace {

constexpr const char* kHandler = R"(import os, time
def handler(event, context):
    while "until" in event and not os.path.exists(event["until"]): time.sleep(0.01)
    return os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"]
)";

/// Times the settings were read anew.
std::size_t readings(const Session& session)
{
    std::size_t count = 0;
    const auto snapshot = session.snapshot();
    for (const Notice& notice : snapshot->notices)
        count += notice.text == "coldframe.json was read again" ? 1 : 0;
    return count;
}

class ReloadRules : public testing::Test {
protected:
    void open()
    {
        m_workspace.python(kHandler);
        m_session = m_workspace.open();
        ASSERT_TRUE(m_session);
        EXPECT_TRUE(call(*m_session, "{}").cold);
    }
    void change(const std::string& settings)
    {
        const std::size_t before = readings(*m_session);
        m_workspace.workspaceFile(settings);
        ASSERT_TRUE(eventually([&] { return readings(*m_session) > before; }));
    }

    LiveWorkspace m_workspace;
    std::unique_ptr<Session> m_session;
};

struct Row {
    const char* name;
    const char* settings;
    bool cold;
    friend void PrintTo(const Row& row, std::ostream* out) { *out << row.settings; }
};

class ReloadRulesTable : public ReloadRules, public testing::WithParamInterface<Row> { };

TEST_P(ReloadRulesTable, holds)
{
    open();
    change(GetParam().settings);
    EXPECT_EQ(call(*m_session, "{}").cold, GetParam().cold);
}

INSTANTIATE_TEST_SUITE_P(Settings, ReloadRulesTable,
                         testing::Values(Row{"reserved", R"(, "reservedConcurrency": 7)", false},
                                         Row{"timeout", R"(, "timeoutMs": 9000)", false},
                                         Row{"retries", R"(, "async": {"retries": 0})", false},
                                         Row{"memory", R"(, "memoryMb": 300)", true},
                                         Row{"environment", R"(, "environment": {"MODE": "b"})",
                                             true}),
                         [](const auto& row) { return row.param.name; });

TEST_F(ReloadRules, provisionedConcurrencyIsAddedBesideWarmInstances)
{
    open();
    change(R"(, "provisionedConcurrency": 1)");
    // The one there was stays, and the one that was asked for knows what it is.
    ASSERT_TRUE(eventually([&] { return m_session->snapshot()->functions[0].pool.idle == 2; }));
    const Answer answer = call(*m_session, "{}");
    EXPECT_TRUE(answer.provisioned);
    EXPECT_EQ(answer.payload, R"("provisioned-concurrency")");
    EXPECT_EQ(m_session->snapshot()->totals.coldStarts, 1U);
}

TEST_F(ReloadRules, whatTookEffectIsMarkedForTheCharts)
{
    open();
    change(R"(, "memoryMb": 300)");
    m_workspace.write("code/app.py", std::string(kHandler) + "# saved again\n");
    ASSERT_TRUE(eventually([&] { return m_session->snapshot()->marks.size() >= 2; }));
    const auto snapshot = m_session->snapshot();
    EXPECT_EQ(snapshot->marks[0].text, "f: memory 128 → 300 MB");
    EXPECT_EQ(snapshot->marks[1].text, "f: app.py changed");
    EXPECT_LE(snapshot->marks[0].at, snapshot->marks[1].at);
    EXPECT_LE(snapshot->marks[1].at, snapshot->now);
}

TEST_F(ReloadRules, aFileOfAnotherNameIsReadAgain)
{
    m_workspace.python(kHandler);
    fs::rename(m_workspace.folder / "coldframe.json", m_workspace.folder / "small.json");
    auto opened = Session::open({.workspace = m_workspace.folder / "small.json",
                                 .resources = COLDFRAME_SOURCE_DIR "/resources"});
    ASSERT_TRUE(opened) << describe(opened.error());
    m_workspace.workspaceFile(R"(, "memoryMb": 300)");
    fs::rename(m_workspace.folder / "coldframe.json", m_workspace.folder / "small.json");
    ASSERT_TRUE(eventually([&] { return !(*opened)->snapshot()->marks.empty(); }));
    const auto snapshot = (*opened)->snapshot();
    EXPECT_EQ(snapshot->marks[0].text, "f: memory 128 → 300 MB");
    EXPECT_EQ(snapshot->notices.back().text, "small.json was read again");
}

TEST_F(ReloadRules, dataBesideTheCodeIsNoChangeOfIt)
{
    m_workspace.write("app.py", kHandler);
    m_workspace.write("coldframe.json", R"({"format": 1, "name": "own", "functions": {"f": {
        "runtime": "python", "interpreter": "/usr/bin/python3", "code": ".", "handler": "app.handler"}},
        "stores": {"in": {"kind": "folder", "path": "data/in"}}})");
    m_session = m_workspace.open();
    ASSERT_TRUE(m_session);
    EXPECT_TRUE(call(*m_session, "{}").cold);
    for (const char* file : {"data/in/a.csv", "events/a.json", ".coldframe/notes", "secrets.env"})
        m_workspace.write(file, "A=1");
    m_workspace.write("helper.py", ""); // code: seen after all of those
    ASSERT_TRUE(eventually([&] { return !m_session->snapshot()->marks.empty(); }));
    const auto snapshot = m_session->snapshot();
    for (const Mark& mark : snapshot->marks)
        EXPECT_TRUE(mark.text == "f: helper.py changed" || mark.text == "settings changed")
            << mark.text;
    EXPECT_TRUE(call(*m_session, "{}").cold);
    m_workspace.write("data/in/b.csv", "");
    m_workspace.write("data/in/c.csv", "");
    EXPECT_FALSE(call(*m_session, "{}").cold);
}

TEST_F(ReloadRules, aFileOfSeveralFunctionsIsToldOnce)
{
    m_workspace.write("code/app.py", kHandler);
    const std::string function = R"({"runtime": "python", "interpreter": "/usr/bin/python3",
                                     "code": "code", "handler": "app.handler"})";
    m_workspace.write("coldframe.json",
                      R"({"format": 1, "name": "two", "functions": {"f": )" + function
                          + R"(, "g": )" + function + "}}");
    m_session = m_workspace.open();
    ASSERT_TRUE(m_session);
    EXPECT_TRUE(call(*m_session, "{}").cold); // and its folder is watched by then or soon
    std::string saved = kHandler;
    ASSERT_TRUE(eventually([&] {
        m_workspace.write("code/app.py", saved += "#");
        return !m_session->snapshot()->marks.empty();
    }));
    EXPECT_EQ(m_session->snapshot()->marks.front().text, "2 functions: app.py changed");
    EXPECT_TRUE(call(*m_session, "{}", "g").cold);
}

TEST_F(ReloadRules, aTriggerThatTheUserSwitchedOffStaysOff)
{
    const auto write = [&](int memory) {
        m_workspace.write("coldframe.json",
                          R"_({"format": 1, "name": "t", "functions": {"f": {
            "runtime": "python", "interpreter": "/usr/bin/python3", "code": "code",
            "handler": "app.handler", "memoryMb": )_"
                              + std::to_string(memory) + R"_(}}, "triggers": {"t": {
            "kind": "schedule", "expression": "rate(1 hour)", "function": "f"}}})_");
    };
    m_workspace.write("code/app.py", kHandler);
    write(128);
    m_session = m_workspace.open({.trusted = false});
    ASSERT_TRUE(m_session);
    m_session->setTriggerEnabled("t", false);
    ASSERT_TRUE(eventually([&] { return !m_session->snapshot()->triggers[0].enabled; }));
    m_session->trust();
    m_session->startTriggers();
    ASSERT_TRUE(eventually([&] { return m_session->snapshot()->triggersRunning; }));
    const std::size_t before = readings(*m_session);
    write(256);
    ASSERT_TRUE(eventually([&] { return readings(*m_session) > before; }));
    const auto snapshot = m_session->snapshot();
    EXPECT_FALSE(snapshot->triggers[0].enabled);
    EXPECT_FALSE(snapshot->triggers[0].running);
}

TEST_F(ReloadRules, theAttemptUnderWayEndsFirst)
{
    open();
    const fs::path go = m_workspace.folder / "go";
    Answers answers;
    m_session->send({.function = "f", .event = R"({"until": ")" + go.string() + "\"}"},
                    answers.collect());
    ASSERT_TRUE(eventually([&] { return m_session->snapshot()->functions[0].pool.busy == 1; }));
    change(R"(, "memoryMb": 300)");
    EXPECT_TRUE(call(*m_session, "{}").cold) << "the busy one takes no more";
    m_workspace.write("go", "");
    const Answer underWay = answers.wait(1).at(0);
    EXPECT_EQ(underWay.outcome, engine::Outcome::Succeeded);
    EXPECT_EQ(underWay.memoryMb, 128U) << "it ended on the instance it began on";
    ASSERT_TRUE(eventually([&] { return m_session->snapshot()->functions[0].pool.idle == 1; }));
}

} // namespace
