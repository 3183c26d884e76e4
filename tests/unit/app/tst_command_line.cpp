#include "commands.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

using namespace coldframe::commands;

namespace {

/// Runs a command line in this process and catches what it says.
struct Said {
    explicit Said(std::vector<std::string> words)
    {
        words.insert(words.begin(), "coldframe");
        std::vector<char*> argv;
        for (std::string& word : words)
            argv.push_back(word.data());
        testing::internal::CaptureStdout();
        testing::internal::CaptureStderr();
        code = execute(static_cast<int>(argv.size()), argv.data());
        error = testing::internal::GetCapturedStderr();
        out = testing::internal::GetCapturedStdout();
    }
    ExitCode code;
    std::string out, error;
};

struct Row {
    const char* name;
    std::vector<std::string> words;
    const char* said; ///< somewhere on standard error
};
class BadUsage : public testing::TestWithParam<Row> { };

TEST_P(BadUsage, endsWithTwoAndSaysWhy)
{
    const Said said(GetParam().words);
    EXPECT_EQ(said.code, ExitCode::BadInput);
    EXPECT_EQ(said.out, "");
    EXPECT_NE(said.error.find(GetParam().said), std::string::npos) << said.error;
}
INSTANTIATE_TEST_SUITE_P(
    Rows, BadUsage,
    testing::Values(
        Row{"no_command", {}, "A subcommand is required"},
        Row{"unknown_command", {"rnu"}, "there is no command \"rnu\"; did you mean \"run\"?"},
        Row{"no_workspace", {"validate"}, "WS is required"},
        Row{"no_recording", {"replay"}, "REC is required"},
        Row{"no_such_recording", {"replay", "/nonexistent"}, "there is no such folder"},
        Row{"unknown_option", {"run", ".", "--fast"}, "--fast"},
        Row{"no_duration", {"run", ".", "--for", "soon"}, "\"soon\" is no duration"},
        Row{"from_without_skipping",
            {"run", ".", "--from", "2026-03-29"},
            "--from requires --skip-idle"},
        Row{"no_time",
            {"run", ".", "--skip-idle", "--from", "noon"},
            "\"noon\" is no time from 1970 to 2200"},
        Row{"no_port",
            {"run", ".", "--serve", "70000"},
            "--serve: \"70000\" is no whole number from 0 to 65535"},
        Row{"negative_errors",
            {"run", ".", "--max-errors", "-1"},
            "--max-errors: \"-1\" is no whole number from 0 to "},
        Row{"no_money", {"run", ".", "--max-cost", "much"}, "US dollars"},
        Row{"no_slots",
            {"run", ".", "--desk-slots", "0"},
            "--desk-slots: \"0\" is no whole number from 1 to 100000"},
        Row{"unknown_durability", {"run", ".", "--durability", "some"}, "--durability"},
        Row{"two_ends", {"run", ".", "--until-idle", "--for", "3s"}, "--for"},
        Row{"no_such_folder", {"validate", "/no/such/folder", "--quiet"}, "--quiet"}),
    [](const auto& row) { return row.param.name; });

TEST(CommandLine, helpAndVersionGoToStandardOutput)
{
    const Said help({"--help"});
    EXPECT_EQ(help.code, ExitCode::Success);
    for (const char* command : {"validate", "invoke", "run", "test", "init", "version"})
        EXPECT_NE(help.out.find(command), std::string::npos) << command;
    EXPECT_EQ(Said({"--version"}).out, Said({"version"}).out);
    EXPECT_EQ(Said({"version", "--json"}).out.substr(0, 20), "{\"name\":\"coldframe\",");
}

TEST(CommandLine, aWorkspaceThatIsNotThereIsBadInput)
{
    for (const char* command : {"validate", "run", "test"}) {
        const Said said({command, "/no/such/folder"});
        EXPECT_EQ(said.code, ExitCode::BadInput) << command;
        EXPECT_NE((said.out + said.error).find("/no/such/folder"), std::string::npos) << command;
    }
}

TEST(CommandLine, aMistypedFunctionGetsAdvice)
{
    const std::string workspace = COLDFRAME_SOURCE_DIR "/examples/uppercase";
    const Said said({"invoke", workspace, "upercase"});
    EXPECT_EQ(said.code, ExitCode::BadInput);
    EXPECT_EQ(said.error,
              "coldframe: there is no function \"upercase\"; did you mean \"uppercase\"?\n");
}

TEST(CommandLine, aMistypedTestGetsAdvice)
{
    const Said said({"test", COLDFRAME_SOURCE_DIR "/examples/uppercase", "sead"});
    EXPECT_EQ(said.code, ExitCode::BadInput);
    EXPECT_EQ(said.error, "coldframe: there is no test event \"sead\"; did you mean \"seed\"?\n");
}

TEST(CommandLine, onlyFoldersCanBeBackfilled)
{
    const std::string workspace = COLDFRAME_SOURCE_DIR "/examples/uppercase";
    const Said said({"run", workspace, "--backfill", "nightly"});
    EXPECT_EQ(said.code, ExitCode::BadInput);
    EXPECT_EQ(said.error,
              "coldframe: there is no file trigger \"nightly\"; this workspace has "
              "\"on-upload\"\n");
}

} // namespace
