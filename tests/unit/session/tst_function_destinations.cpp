// Results that go to another function: none is lost when that one cannot take it.

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "live_workspace.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;

namespace {

/// f's results go to g; both write what they got into a file of their own.
void chain(const LiveWorkspace& workspace, const std::string& body)
{
    workspace.write("code/app.py",
                    "import json, os\n"
                    "def note(name, event):\n"
                    "    with open(os.path.join(os.path.dirname(__file__), name), 'a') as out:\n"
                    "        out.write(json.dumps(event)[:100] + '\\n')\n"
                    "def g(event, context): note('g', event)\n"
                    "def f(event, context):\n"
                        + body);
    const std::string function = R"("runtime": "python", "interpreter": "/usr/bin/python3",
                                    "code": "code", "timeoutMs": 20000, "handler": "app.)";
    workspace.write("coldframe.json", R"({"format": 1, "name": "test", "timeScale": 1000,
        "functions": {"f": {)" + function + R"(f", "onSuccess": {"function": "g"},
        "onFailure": {"function": "g"}}, "g": {)" + function + R"(g"}}})");
}

std::vector<fs::path> filesIn(const fs::path& folder)
{
    std::vector<fs::path> files;
    if (fs::exists(folder))
        for (const auto& entry : fs::directory_iterator(folder))
            if (!entry.path().filename().string().starts_with('.'))
                files.push_back(entry.path());
    return files;
}

nlohmann::json onlyRecordIn(const fs::path& folder)
{
    const std::vector<fs::path> files = filesIn(folder);
    EXPECT_EQ(files.size(), 1U);
    std::ifstream file(files.empty() ? fs::path("/dev/null") : files.front());
    return nlohmann::json::parse(file, nullptr, false);
}

void sendAsync(Session& session, const std::string& event)
{
    Answers answers;
    session.send(
        {.function = "f", .event = event, .delivery = engine::Delivery::Async}, answers.collect());
    answers.wait(1);
}

TEST(FunctionDestinations, getTheRecordOfTheResult)
{
    LiveWorkspace workspace;
    chain(workspace, "    return 'fine'\n");
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    sendAsync(*session, "{}");
    EXPECT_TRUE(eventually([&] { return fs::exists(workspace.folder / "code/g"); }));
    EXPECT_TRUE(eventually([&] { return session->idle(); }));
    EXPECT_TRUE(filesIn(workspace.folder / ".coldframe/undelivered").empty());
}

TEST(FunctionDestinations, aResultTooLargeForAnEventIsKept)
{
    LiveWorkspace workspace;
    chain(workspace, "    return 'x' * 1500000\n"); // an asynchronous event has 1 MB at most
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    sendAsync(*session, R"({"n": 1})");
    const fs::path kept = workspace.folder / ".coldframe/undelivered";
    ASSERT_TRUE(eventually([&] { return filesIn(kept).size() == 1; }));
    const nlohmann::json record = onlyRecordIn(kept);
    EXPECT_EQ(record.at("requestPayload"), nlohmann::json({{"n", 1}}));
    EXPECT_EQ(record.at("responsePayload").get<std::string>().size(), 1'500'000U);
    EXPECT_TRUE(eventually([&] { return session->idle(); }));
}

TEST(FunctionDestinations, anEventNestedTooDeepToBeCopiedIsCarriedAsText)
{
    LiveWorkspace workspace;
    chain(workspace, "    raise ValueError('no')\n");
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    sendAsync(*session, deep);
    std::string line;
    EXPECT_TRUE(eventually([&] {
        std::ifstream got(workspace.folder / "code/g");
        return std::getline(got, line) && !line.empty();
    }));
    EXPECT_THAT(line, testing::HasSubstr("\"version\": \"1.0\""));
}

} // namespace
