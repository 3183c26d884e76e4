#include <gtest/gtest.h>

#include "session/settings_changes.h"

using namespace coldframe;
using namespace coldframe::session;

namespace {

Workspace plain()
{
    Workspace workspace;
    workspace.platform = "aws-lambda-x86_64";
    workspace.functions = {{.name = "a"}, {.name = "b"}};
    return workspace;
}

TEST(SettingsChanges, areNamedWithBothValues)
{
    Workspace after = plain();
    after.functions[0].memoryMb = 256;
    after.functions[0].timeoutMs = 5000;
    after.functions[1].reservedConcurrency = 5;
    after.functions[1].provisionedConcurrency = 2;
    EXPECT_EQ(settingsChanges(plain(), after),
              "a: memory 128 → 256 MB, timeout 3000 → 5000 ms; b: reserved concurrency none → 5, "
              "provisioned concurrency 0 → 2");
    EXPECT_EQ(settingsChanges(after, plain()),
              "a: memory 256 → 128 MB, timeout 5000 → 3000 ms; b: reserved concurrency 5 → none, "
              "provisioned concurrency 2 → 0");
}

TEST(SettingsChanges, ofFunctionsThatComeAndGo)
{
    Workspace after = plain();
    after.functions[1].removed = true;
    after.functions.push_back({.name = "c"});
    EXPECT_EQ(settingsChanges(plain(), after), "b: removed; c: added");
    EXPECT_EQ(settingsChanges(after, plain()), "b: added");
}

TEST(SettingsChanges, tellNoValueOfTheEnvironment)
{
    Workspace after = plain();
    after.functions[0].environment["KEY"] = "secret";
    EXPECT_EQ(settingsChanges(plain(), after), "a: environment");
}

TEST(SettingsChanges, ofTheWholeWorkspace)
{
    Workspace after = plain();
    after.platform = "aws-lambda-arm64";
    EXPECT_EQ(settingsChanges(plain(), after), "platform aws-lambda-x86_64 → aws-lambda-arm64");
    EXPECT_EQ(settingsChanges(plain(), plain()), "settings changed");
}

} // namespace
