// What `${env:NAME}` stands for is given to functions and kept nowhere.

#include <gmock/gmock.h>

#include "live_workspace.h"
#include "model/workspace_file.h"
#include "session/test_list.h"
#include "session/test_run.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using testing::HasSubstr;
using testing::Not;

namespace {

constexpr const char* kSecret = "correct-horse-battery";

/// Gives its secret away in every way there is.
constexpr const char* kGossip = R"(import os
def handler(event, context):
    print("password is", os.environ["PASSWORD"])
    if event.get("raise"): raise ValueError("refused: " + os.environ["PASSWORD"])
    return {"password": os.environ["PASSWORD"]}
)";

void gossip(const LiveWorkspace& workspace)
{
    workspace.python(kGossip, R"(, "environment": {"PASSWORD": "${env:DB_PASSWORD}"})");
    workspace.write("secrets.env", std::string("DB_PASSWORD=") + kSecret + "\n");
}

std::string contentOf(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string eventWithSecret()
{
    return std::string(R"({"try": ")") + kSecret + "\"}";
}

TEST(Secrets, areInNoFileOfARecording)
{
    LiveWorkspace workspace;
    gossip(workspace);
    auto session = workspace.open();
    ASSERT_TRUE(session);
    const Answer answer = call(*session, eventWithSecret());
    EXPECT_THAT(answer.payload, HasSubstr(kSecret)) << "the caller gets what the function returned";
    call(*session, R"({"raise": 1})");
    ASSERT_TRUE(eventually([&] { return session->snapshot()->attempts.size() == 2; }));
    const auto rows = session->snapshot()->attempts;
    std::atomic<bool> loaded{false};
    Answer kept;
    std::string event;
    session->loadAttempt(rows[0], [&](Answer found, std::string text) {
        kept = std::move(found);
        event = std::move(text);
        loaded = true;
    });
    ASSERT_TRUE(eventually([&] { return loaded.load(); }));
    EXPECT_EQ(kept.payload, R"({"password": "***"})");
    EXPECT_THAT(kept.log, HasSubstr("password is ***"));
    EXPECT_EQ(event, R"({"try": "***"})");

    Answers again;
    const auto collect = again.collect();
    session->sendAgain({rows[0]},
                       [&](const std::string&, const Answer& refused) { collect(refused); });
    const auto refused = again.wait(1);
    ASSERT_TRUE(refused.at(0).refused);
    EXPECT_EQ(describe(*refused[0].refused),
              "the event of this attempt held a secret, which is not recorded; put the secret in "
              "again with Edit and send");
    const fs::path recording = session->snapshot()->recordingFolder;
    session.reset();
    std::uintmax_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(recording)) {
        if (!entry.is_regular_file())
            continue;
        EXPECT_THAT(contentOf(entry.path()), Not(HasSubstr(kSecret))) << entry.path();
        bytes += entry.file_size();
    }
    EXPECT_GT(bytes, 1000U);
}

TEST(Secrets, thatWereChangedAreStillMasked)
{
    LiveWorkspace workspace;
    gossip(workspace);
    auto session = workspace.open();
    ASSERT_TRUE(session);
    call(*session, "{}");
    workspace.write("secrets.env", "DB_PASSWORD=another-one\n");
    ASSERT_TRUE(eventually([&] {
        return call(*session, eventWithSecret()).payload == R"({"password": "another-one"})";
    }));
    const fs::path recording = session->snapshot()->recordingFolder;
    session.reset();
    const std::string blobs = contentOf(recording / "blobs.bin");
    EXPECT_THAT(blobs, HasSubstr("***"));
    EXPECT_THAT(blobs, Not(HasSubstr(kSecret)));
    EXPECT_THAT(blobs, Not(HasSubstr("another-one")));
}

TEST(Secrets, areInNoResultOfATest)
{
    LiveWorkspace workspace;
    gossip(workspace);
    workspace.write("events/a.json", "{}");
    workspace.write("events/a.expect.json", R"({"result": {"password": "x"}})");
    const auto reading = loadWorkspace(workspace.folder);
    ASSERT_TRUE(reading.workspace);
    const auto tests = findTests(*reading.workspace, workspace.folder);
    ASSERT_EQ(tests.size(), 1U);
    const auto results
        = runTests(*reading.workspace, tests, {.resources = COLDFRAME_SOURCE_DIR "/resources"});
    ASSERT_EQ(results.size(), 1U);
    EXPECT_EQ(results[0].outcome, TestOutcome::Failed);
    ASSERT_EQ(results[0].mismatches.size(), 1U);
    EXPECT_EQ(results[0].mismatches[0].sentence,
              R"(/password of the result is "***" instead of "x")");
    EXPECT_THAT(results[0].answer.log, HasSubstr("password is ***"));
}

} // namespace
