// Triggers whose settings change while they run.

#include <gmock/gmock.h>

#include "live_workspace.h"
#include "raw_client.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

const std::string kFunction = R"({"format": 1, "name": "test", "functions": {"f": {
    "runtime": "python", "interpreter": "/usr/bin/python3", "code": "code", "timeoutMs": 60000,
    "reservedConcurrency": 4, "handler": "app.handler"}}, "triggers": {"t": )";

TriggerView view(const Session& session)
{
    return session.snapshot()->triggers.at(0);
}

std::uint16_t portOf(const std::string& url)
{
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.find(':', 7) + 1)));
}

/// The settings in force, as the workspace in memory has them.
int timeoutOf(const Session& session)
{
    const auto workspace = session.snapshot()->workspace;
    return std::get<HttpTrigger>(workspace->triggers.at(0).kind).timeoutMs;
}

int retriesOf(const Session& session)
{
    const auto workspace = session.snapshot()->workspace;
    return std::get<StreamTrigger>(workspace->triggers.at(0).kind).shard.maximumRetryAttempts;
}

std::vector<std::string> linesOf(const fs::path& file)
{
    std::vector<std::string> lines;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

} // namespace

TEST(TriggerEdits, anHttpTriggerAnswersAfterwards)
{
    LiveWorkspace workspace;
    workspace.write("code/app.py", "def handler(event, context): return 'hello'\n");
    std::uint16_t port = 0; // of its own: another trigger must not get in between
    const auto edit = [&](int timeoutMs) {
        workspace.write("coldframe.json",
                        kFunction + R"({"kind": "http", "function": "f", "port": )"
                            + std::to_string(port) + R"(, "timeoutMs": )"
                            + std::to_string(timeoutMs) + "}}}");
    };
    edit(5000);
    const auto session = workspace.open({.startTriggers = true});
    ASSERT_TRUE(session);
    ASSERT_TRUE(eventually([&] { return !view(*session).url.empty(); }));
    const auto ask = [&] {
        http::test::RawClient client(portOf(view(*session).url));
        return client.exchange("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").body;
    };
    EXPECT_EQ(ask(), "hello");
    edit(6000);
    ASSERT_TRUE(eventually([&] { return timeoutOf(*session) == 6000; }));
    ASSERT_TRUE(eventually([&] { return !view(*session).url.empty(); }));
    EXPECT_EQ(ask(), "hello");
    port = portOf(view(*session).url);
    edit(7000);
    ASSERT_TRUE(eventually([&] { return timeoutOf(*session) == 7000; }));
    ASSERT_TRUE(eventually([&] { return !view(*session).url.empty(); }));
    EXPECT_EQ(portOf(view(*session).url), port);
    EXPECT_EQ(ask(), "hello");
}

TEST(TriggerEdits, aStreamGoesOnAfterTheBatchThatIsUnderWay)
{
    LiveWorkspace workspace;
    workspace.write("code/app.py", R"(
import base64, os, time
here = os.path.dirname(os.path.abspath(__file__))
def note(word, n):
    with open(os.path.join(here, "log"), "a") as log:
        log.write(word + " " + n + "\n")
def handler(event, context):
    n = base64.b64decode(event["Records"][0]["kinesis"]["data"]).decode()
    note("begin", n)
    while n == "1" and not os.path.exists(os.path.join(here, "go")):
        time.sleep(0.01)
    note("end", n)
)");
    const auto edit = [&](int retries) {
        workspace.write("coldframe.json",
                        kFunction + R"({"kind": "stream", "function": "f", "batchSize": 1,
                            "path": "data/in.jsonl", "maximumRetryAttempts": )"
                            + std::to_string(retries) + "}}}");
    };
    edit(5);
    workspace.write("data/in.jsonl", "1\n2\n3\n");
    const auto session = workspace.open({.startTriggers = true});
    ASSERT_TRUE(session);
    const fs::path log = workspace.folder / "code/log";
    ASSERT_TRUE(eventually([&] { return linesOf(log).size() == 1; }));
    for (const int retries : {6, 7}) { // a second one must not wait for the first
        edit(retries);
        ASSERT_TRUE(eventually([&] { return retriesOf(*session) == retries; }));
        EXPECT_TRUE(eventually([&] {
            return view(*session).message == "waits for what is at work by its earlier settings";
        }));
    }
    workspace.write("code/go", "");
    EXPECT_TRUE(eventually([&] { return linesOf(log).size() >= 6; }));
    EXPECT_TRUE(eventually([&] { return session->idle(); }));
    EXPECT_THAT(linesOf(log),
                ElementsAre("begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"));
}
