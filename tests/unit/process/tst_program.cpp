#include "process/program.h"

#include "running.h"

#include <cerrno>

#include <gmock/gmock.h>

using namespace coldframe;
using namespace coldframe::process;
using namespace coldframe::process::test;

namespace {

class Program : public testing::Test {
protected:
    static void SetUpTestSuite() { useBuiltReaper(); }

    std::string write(const std::string& name, const std::string& text, bool executable)
    {
        std::ofstream(m_folder / name, std::ios::binary) << text;
        if (executable)
            fs::permissions(m_folder / name, fs::perms::owner_all);
        return m_folder / name;
    }
    std::string find(const std::string& name, const std::string& path) const
    {
        LaunchSpec spec;
        spec.argv = {name};
        spec.workingFolder = m_folder.path();
        spec.environment = {"PATH=/wrong", "PATH=" + path};
        const auto found = findProgram(spec);
        return found ? *found : describe(found.error());
    }
    static std::string notStarted(std::vector<std::string> argv)
    {
        Running run(specFor(std::move(argv)));
        const ExitReport& report = run.untilExit();
        EXPECT_EQ(report.kind, ExitReport::Kind::NotStarted);
        EXPECT_EQ(run.startedPid, 0);
        return describe(report.error);
    }

    TemporaryFolder m_folder;
};

TEST_F(Program, firstInPathWins)
{
    fs::create_directories(m_folder / "a");
    fs::create_directories(m_folder / "b/tool"); // a folder of that name is no program
    write("a/tool", "", true);

    EXPECT_EQ(find("tool", m_folder.path() + "/b:" + m_folder.path() + "/a"), m_folder / "a/tool");
}

TEST_F(Program, fileWithoutPermissionIsPassedOver)
{
    fs::create_directories(m_folder / "a");
    fs::create_directories(m_folder / "b");
    write("a/tool", "", false);
    write("b/tool", "", true);

    EXPECT_EQ(find("tool", m_folder.path() + "/a:" + m_folder.path() + "/b"), m_folder / "b/tool");
}

TEST_F(Program, nowhereInPath)
{
    EXPECT_EQ(
        find("no-such-tool", "/usr/bin:/bin"),
        "there is no program 'no-such-tool' in PATH (/usr/bin:/bin); install it, or write its "
        "full path");
}

TEST_F(Program, relativeEntriesOfPathAreNotSearched)
{
    write("tool", "", true);

    EXPECT_EQ(find("tool", ".::bin"),
              "there is no program 'tool' in PATH (.::bin); install it, or write its full path");
}

TEST_F(Program, missingPath)
{
    EXPECT_EQ(find("./bootstrap", ""),
              "there is no program '" + m_folder.path()
                  + "/./bootstrap'; check the path, or build it first");
}

TEST_F(Program, notExecutable)
{
    const std::string path = write("script", "#!/bin/sh\n", false);

    EXPECT_EQ(find(path, ""),
              "'" + path + "' may not be executed; give it permission: chmod +x '" + path + "'");
}

TEST_F(Program, missingInterpreter)
{
    const std::string path = write("script", "#! /usr/bin/no-such-thing -x\n", true);

    EXPECT_EQ(notStarted({path}),
              "the first line of '" + path
                  + "' names '/usr/bin/no-such-thing', which is not there; install it or correct "
                    "that line");
}

TEST_F(Program, carriageReturn)
{
    const std::string path = write("script", "#!/bin/sh\r\necho hello\r\n", true);

    EXPECT_EQ(notStarted({path}),
              "the first line of '" + path
                  + "' ends with a carriage return; save it with Unix line ends");
}

TEST_F(Program, scriptWithoutFirstLine)
{
    const std::string path = write("script", "echo hello\n", true);

    EXPECT_EQ(notStarted({path}),
              "'" + path
                  + "' is neither a program for this machine nor a script; start a script with a "
                    "line such as #!/bin/sh");
}

TEST_F(Program, argumentTooLong)
{
    boost::asio::io_context io;
    const auto launched = launch(io, specFor({"true", std::string(200'000, 'x')}), {});

    ASSERT_FALSE(launched);
    EXPECT_THAT(describe(launched.error()),
                testing::EndsWith("could not be started: Argument list too long; pass large values "
                                  "in a file instead of arguments or environment"));
}

TEST_F(Program, notStartedRemovesTheTemporaryFolder)
{
    LaunchSpec spec = specFor({write("script", "echo hello\n", true)});
    spec.temporaryFolder = m_folder / "temporary";
    Running run(spec);
    run.untilExit();

    EXPECT_FALSE(fs::exists(m_folder / "temporary"));
}

} // namespace
