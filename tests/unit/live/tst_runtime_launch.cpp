#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "live/runtime_launch.h"

using namespace coldframe;
using namespace coldframe::live;
namespace fs = std::filesystem;

namespace {

class RuntimeLaunchTest : public testing::Test {
protected:
    RuntimeLaunchTest()
    {
        std::string name = (fs::temp_directory_path() / "coldframe-launch-XXXXXX").string();
        folder = mkdtemp(name.data());
        workspace.folder = folder / "workspace";
        function.name = "f";
        function.code = folder / "workspace/code";
        fs::create_directories(function.code);
        fs::create_directories(folder / "bin");
    }
    ~RuntimeLaunchTest() override
    {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
    /// A program that is no script, so nothing stands behind it.
    fs::path binary(const fs::path& at) const
    {
        fs::create_directories(at.parent_path());
        fs::copy_file("/bin/true", at);
        return at;
    }
    fs::path script(const fs::path& at, const std::string& text) const
    {
        fs::create_directories(at.parent_path());
        std::ofstream(at) << text;
        fs::permissions(at, fs::perms::owner_all);
        return at;
    }
    Result<RuntimeLaunch> launch(const std::string& path) const
    {
        return runtimeLaunch(workspace, function, "/runtimes", path);
    }
    std::string bin() const { return (folder / "bin").string(); }

    fs::path folder;
    Workspace workspace;
    Function function;
};

TEST_F(RuntimeLaunchTest, takesTheFunctionsOwnInterpreterBeforeAll)
{
    function.interpreter = binary(folder / "own/python3.12");
    binary(function.code / ".venv/bin/python");
    binary(folder / "bin/python3");
    const auto made = launch(bin());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->argv,
              (std::vector<std::string>{(folder / "own/python3.12").string(),
                                        "/runtimes/python/coldframe_runtime.py"}));
    EXPECT_EQ(made->interpreter, folder / "own/python3.12");
    EXPECT_EQ(made->version, "3.12");
}

TEST_F(RuntimeLaunchTest, takesTheVirtualEnvironmentOfTheCodeBeforeThatOfTheWorkspace)
{
    binary(function.code / ".venv/bin/python");
    binary(workspace.folder / ".venv/bin/python");
    binary(folder / "bin/python3");
    EXPECT_EQ(launch(bin())->interpreter, function.code / ".venv/bin/python");
}

TEST_F(RuntimeLaunchTest, takesTheVirtualEnvironmentOfTheWorkspaceBeforePath)
{
    binary(workspace.folder / ".venv/bin/python");
    binary(folder / "bin/python3");
    EXPECT_EQ(launch(bin())->interpreter, workspace.folder / ".venv/bin/python");
}

TEST_F(RuntimeLaunchTest, aLinkInAVirtualEnvironmentIsNotFollowed)
{
    binary(folder / "system/python3.11");
    fs::create_directories(function.code / ".venv/bin");
    fs::create_symlink(folder / "system/python3.11", function.code / ".venv/bin/python");
    const auto made = launch(bin());
    EXPECT_EQ(made->interpreter, function.code / ".venv/bin/python")
        << "its packages are found through that path";
    EXPECT_EQ(made->version, "3.11");
}

TEST_F(RuntimeLaunchTest, nodeHasNoVirtualEnvironment)
{
    function.runtime = Runtime::Node;
    binary(function.code / ".venv/bin/python");
    binary(folder / "bin/node");
    EXPECT_EQ(launch(bin())->argv,
              (std::vector<std::string>{bin() + "/node", "/runtimes/node/coldframe_runtime.cjs"}));
}

TEST_F(RuntimeLaunchTest, takesTheFirstInPathThatCanBeRun)
{
    fs::create_directories(folder / "a/python3"); // a folder of that name
    fs::create_directories(folder / "b");
    std::ofstream(folder / "b/python3") << "not executable";
    binary(folder / "bin/python3");
    const std::string path = (folder / "a").string() + ":" + (folder / "b").string()
        + ":/nonexistent:" + bin() + ":/usr/bin";
    EXPECT_EQ(launch(path)->interpreter, bin() + "/python3");
}

TEST_F(RuntimeLaunchTest, aShimIsAskedOnceWhatItStandsFor)
{
    const fs::path asked = folder / "asked";
    const fs::path real = binary(folder / "versions/3.11/python3.11");
    script(folder / "bin/python3",
           "#!/bin/sh\necho x >> " + asked.string() + "\necho " + real.string() + "\n");
    for (int i = 0; i < 3; ++i) {
        const auto made = launch(bin());
        ASSERT_TRUE(made);
        EXPECT_EQ(made->argv.front(), real);
        EXPECT_EQ(made->version, "3.11");
    }
    std::ifstream file(asked);
    std::string lines((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(lines, "x\n");
}

TEST_F(RuntimeLaunchTest, aShimThatSaysNothingUsefulIsRunAsItIs)
{
    script(folder / "bin/python3", "#!/bin/sh\necho /nonexistent/python\n");
    EXPECT_EQ(launch(bin())->argv.front(), bin() + "/python3");
}

TEST_F(RuntimeLaunchTest, aShimInAFolderWithAQuoteInItsNameIsAskedToo)
{
    const fs::path real = binary(folder / "versions/python3.11");
    script(folder / "it's/python3", "#!/bin/sh\necho " + real.string() + "\n");
    EXPECT_EQ(launch((folder / "it's").string())->argv.front(), real);
}

TEST_F(RuntimeLaunchTest, theSystemsOwnPythonIsFound)
{
    const auto made = launch("/usr/bin:/bin");
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->interpreter, "/usr/bin/python3");
    EXPECT_TRUE(made->version.starts_with("3.")) << made->version;
}

TEST_F(RuntimeLaunchTest, withoutPythonItSaysHowToGetOne)
{
    const auto made = launch(bin());
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Error::Code::Missing);
    EXPECT_EQ(made.error().message, "Function f: no python3 was found in PATH (" + bin() + ")");
    EXPECT_EQ(made.error().hint,
              "install it with: sudo apt install python3, or name one as \"interpreter\" in "
              "coldframe.json");
}

TEST_F(RuntimeLaunchTest, withoutNodeItSaysHowToGetOne)
{
    function.runtime = Runtime::Node;
    const auto made = launch(bin());
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message, "Function f: no node was found in PATH (" + bin() + ")");
    EXPECT_EQ(made.error().hint,
              "install it with: sudo apt install nodejs, or name one as \"interpreter\" in "
              "coldframe.json");
}

TEST_F(RuntimeLaunchTest, anOwnInterpreterThatIsNotThereIsNotReplaced)
{
    function.interpreter = "/opt/python9/bin/python9";
    const auto made = launch("/usr/bin");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message,
              "Function f: the interpreter /opt/python9/bin/python9 is not there or cannot be run");
    EXPECT_EQ(made.error().hint, "correct \"interpreter\" in coldframe.json");
}

TEST_F(RuntimeLaunchTest, anOwnInterpreterThatIsAFolderIsRefused)
{
    function.interpreter = folder;
    EXPECT_FALSE(launch("/usr/bin"));
}

TEST_F(RuntimeLaunchTest, lambdaRunsItsBootstrapOrItsCommand)
{
    function.runtime = Runtime::Lambda;
    EXPECT_EQ(launch("")->argv, std::vector<std::string>{"./bootstrap"});
    function.command = {"node", "client.js", "index.handler"};
    EXPECT_EQ(launch("")->argv, function.command);
}

TEST_F(RuntimeLaunchTest, commandRunsItsCommand)
{
    function.runtime = Runtime::Command;
    function.command = {"jq", "."};
    EXPECT_EQ(launch("")->argv, function.command);
}

} // namespace
