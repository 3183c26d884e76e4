#include <functional>

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "model/workspace_file.h"
#include "temporary_folder.h"

namespace coldframe::test {
namespace {

namespace fs = std::filesystem;

std::string reportOf(const WorkspaceReading& reading, const TemporaryFolder& folder)
{
    std::string report;
    for (const Error& error : reading.errors)
        report += "error: " + describe(error) + "\n";
    for (const Error& warning : reading.warnings)
        report += "warning: " + describe(warning) + "\n";
    return replaced(report, folder.path().string(), "WS");
}

/// A workspace of one function, written on one line so that columns matter little.
std::string oneFunction(const std::string& body)
{
    return "{\"functions\": {\"f\": {\n" + body + "\n}}}";
}

struct Row {
    std::string name;
    std::function<void(const TemporaryFolder&)> prepare;
    std::string report;
};
void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.name;
}

class OnDisk : public testing::TestWithParam<Row> { };

TEST_P(OnDisk, SaysExactlyThis)
{
    const TemporaryFolder folder;
    GetParam().prepare(folder);
    const WorkspaceReading reading = loadWorkspace(folder.path());
    EXPECT_EQ(reportOf(reading, folder), GetParam().report);
    EXPECT_EQ(reading.workspace.has_value(), reading.errors.empty());
}

const char* const kPython = "\"runtime\": \"python\",\n\"code\": \"functions/f\",\n";
const char* const kSource = "def handler(event, context):\n    return event\n";

std::function<void(const TemporaryFolder&)>
files(std::string workspace, std::vector<std::pair<std::string, std::string>> others,
      std::vector<std::string> programs = {})
{
    return [=](const TemporaryFolder& folder) {
        folder.write("coldframe.json", workspace);
        for (const auto& [name, text] : others)
            folder.write(name, text);
        for (const std::string& name : programs)
            folder.writeProgram(name, "#!/bin/sh\n");
    };
}

const std::string kHandler = kPython + std::string("\"handler\": \"app.handler\"");

INSTANTIATE_TEST_SUITE_P(
    Workspaces, OnDisk,
    testing::Values(
        Row{"good", files(oneFunction(kHandler), {{"functions/f/app.py", kSource}}), ""},
        Row{"no_file", [](const TemporaryFolder&) {},
            "error: WS/coldframe.json: the file is not there; `coldframe init` makes one from the "
            "handlers it finds\n"},
        Row{"folder_of_that_name",
            [](const TemporaryFolder& f) { fs::create_directory(f.path() / "coldframe.json"); },
            "error: WS/coldframe.json: this is a folder, not a file\n"},
        Row{"pipe_of_that_name",
            [](const TemporaryFolder& f) {
                ASSERT_EQ(::mkfifo((f.path() / "coldframe.json").c_str(), 0600), 0);
            },
            "error: WS/coldframe.json: this is not a regular file\n"},
        Row{"dangling_link",
            [](const TemporaryFolder& f) {
                fs::create_symlink("nowhere", f.path() / "coldframe.json");
            },
            "error: WS/coldframe.json: the file is not there; `coldframe init` makes one from the "
            "handlers it finds\n"},
        Row{"link_to_itself",
            [](const TemporaryFolder& f) {
                fs::create_symlink("coldframe.json", f.path() / "coldframe.json");
            },
            "error: WS/coldframe.json: the file cannot be read: Too many levels of symbolic "
            "links\n"},
        Row{"over_4_mb", files("{\"name\": \"" + std::string(5 << 20, 'x') + "\"}", {}),
            "error: WS/coldframe.json: the file is larger than 4 MB; a workspace file is small; is "
            "this the right file?\n"},
        Row{"syntax_error", files("{\n", {}),
            "error: WS/coldframe.json:2:1: the file ends inside the object that begins at line 1, "
            "column 1; add the missing '}'\n"},
        Row{"code_folder_missing", files(oneFunction(kHandler), {}),
            "error: WS/coldframe.json:3:9: /functions/f/code: the code folder functions/f is not "
            "there; make it, or correct the path; it is relative to the workspace folder\n"},
        Row{"code_is_a_file", files(oneFunction(kHandler), {{"functions/f", "x"}}),
            "error: WS/coldframe.json:3:9: /functions/f/code: the code folder functions/f is a "
            "file; name the folder that holds it\n"},
        Row{"python_file_missing", files(oneFunction(kHandler), {{"functions/f/main.py", ""}}),
            "error: WS/coldframe.json:4:12: /functions/f/handler: the handler \"app.handler\" "
            "needs "
            "the file functions/f/app.py, which is not there; correct the handler, or the code "
            "folder\n"},
        Row{"python_package",
            files(oneFunction(kPython + std::string("\"handler\": \"pkg.app.handler\"")),
                  {{"functions/f/pkg/app/__init__.py", kSource}}),
            ""},
        Row{"python_module_with_slash",
            files(oneFunction(kPython + std::string("\"handler\": \"src/app.handler\"")),
                  {{"functions/f/src/app.py", kSource}}),
            ""},
        Row{"node_file_missing",
            files(oneFunction("\"runtime\": \"node\", \"code\": \".\",\n\"handler\": "
                              "\"lib/index.a.b\""),
                  {{"lib/main.js", ""}}),
            "error: WS/coldframe.json:3:12: /functions/f/handler: the handler \"lib/index.a.b\" "
            "needs the file lib/index.js, which is not there; correct the handler, or the code "
            "folder\n"},
        Row{"node_module_file",
            files(oneFunction("\"runtime\": \"node\", \"code\": \".\",\n\"handler\": "
                              "\"index.handler\""),
                  {{"index.mjs", ""}}),
            ""},
        Row{"interpreter_missing",
            files(oneFunction(kHandler + ",\n\"interpreter\": \".venv/bin/python\""),
                  {{"functions/f/app.py", kSource}}),
            "error: WS/coldframe.json:5:16: /functions/f/interpreter: the interpreter "
            ".venv/bin/python is not there; give a path such as \".venv/bin/python\" or "
            "\"/usr/bin/python3\"\n"},
        Row{"interpreter_not_executable",
            files(oneFunction(kHandler + ",\n\"interpreter\": \".venv/bin/python\""),
                  {{"functions/f/app.py", kSource}, {".venv/bin/python", ""}}),
            "error: WS/coldframe.json:5:16: /functions/f/interpreter: the interpreter "
            ".venv/bin/python cannot be executed; run: chmod +x WS/.venv/bin/python\n"},
        Row{"interpreter_good",
            files(oneFunction(kHandler + ",\n\"interpreter\": \".venv/bin/python\""),
                  {{"functions/f/app.py", kSource}}, {".venv/bin/python"}),
            ""},
        Row{"bootstrap_missing",
            files(oneFunction("\"runtime\": \"lambda\",\n\"code\": \"native\""),
                  {{"native/main.cpp", ""}}),
            "error: WS/coldframe.json:3:9: /functions/f/code: the program native/bootstrap is not "
            "there; build it first, or correct the path\n"},
        Row{"bootstrap_not_executable",
            files(oneFunction("\"runtime\": \"lambda\",\n\"code\": \"native\""),
                  {{"native/bootstrap", ""}}),
            "error: WS/coldframe.json:3:9: /functions/f/code: native/bootstrap cannot be executed; "
            "run: chmod +x WS/native/bootstrap\n"},
        Row{"bootstrap_good",
            files(oneFunction("\"runtime\": \"lambda\",\n\"code\": \"native\""), {},
                  {"native/bootstrap"}),
            ""},
        Row{"command_file_missing",
            files(oneFunction("\"runtime\": \"command\", \"code\": \"tools\",\n\"command\": "
                              "[\"./run.sh\"]"),
                  {{"tools/readme", ""}}),
            "error: WS/coldframe.json:3:13: /functions/f/command/0: the program tools/run.sh is "
            "not there; build it first, or correct the path\n"},
        Row{"command_not_on_path",
            files(oneFunction("\"runtime\": \"command\", \"code\": \".\",\n\"command\": "
                              "[\"no-such-tool-anywhere\"]"),
                  {}),
            "warning: WS/coldframe.json:3:13: /functions/f/command/0: the program "
            "no-such-tool-anywhere is not in any folder of PATH; install it; until then every "
            "invocation of \"f\" fails\n"},
        Row{"command_on_path",
            files(oneFunction("\"runtime\": \"command\", \"code\": \".\",\n\"command\": [\"cat\"]"),
                  {}),
            ""},
        Row{"store_is_a_file",
            files("{\"stores\": {\"in\": {\"kind\": \"folder\", \"path\": \"data\"}}}",
                  {{"data", ""}}),
            "error: WS/coldframe.json:1:46: /stores/in/path: data is a file; a store needs a "
            "folder\n"},
        Row{"several_places_in_file_order",
            files("{\"stores\": {\"in\": {\"kind\": \"folder\", \"path\": \"data\"}},\n"
                  "\"functions\": {\"f\": {\"runtime\": \"lambda\", \"code\": \"none\"}}}",
                  {{"data", ""}}),
            "error: WS/coldframe.json:1:46: /stores/in/path: data is a file; a store needs a "
            "folder\nerror: WS/coldframe.json:2:50: /functions/f/code: the code folder none is not "
            "there; make it, or correct the path; it is relative to the workspace folder\n"}),
    [](const auto& row) { return row.param.name; });

std::string triggered(const std::string& source)
{
    const TemporaryFolder folder;
    folder.write("functions/f/app.py", source);
    folder.write("coldframe.json", "{\"functions\": {\"f\": {" + kHandler + R"(}},
"stores": {"uploads": {"kind": "folder", "path": "data/uploads"}},
"triggers": {"t": {"kind": "file", "store": "uploads", "function": "f"}}})");
    return reportOf(loadWorkspace(folder.path()), folder);
}

TEST(WritingSources, AreWarnedOf)
{
    const std::string warning
        = "warning: WS/coldframe.json:5:45: /triggers/t/store: line 3 of functions/f/app.py seems "
          "to write into \"uploads\", which triggers \"f\" again; after 16 invocations in one "
          "chain "
          "the trigger is paused; write into another store\n";
    struct Source {
        const char* name;
        const char* source;
        bool warned;
    };
    const std::vector<Source> rows{
        {"directly", "\n\nopen(os.environ['COLDFRAME_STORE_UPLOADS'] + '/x', 'w')\n", true},
        {"through a name",
         "\nuploads = Path(os.environ['COLDFRAME_STORE_UPLOADS'])\n(uploads / "
         "'x').write_text('')\n",
         true},
        {"reading only", "\n\nopen(os.environ['COLDFRAME_STORE_UPLOADS'] + '/x')\n", false},
        {"writing elsewhere",
         "uploads = os.environ['COLDFRAME_STORE_UPLOADS']\n\nopen('/tmp/x', 'w')\n", false},
        {"another store with a longer name",
         "\n\nopen(os.environ['COLDFRAME_STORE_UPLOADS_OLD'] + '/x', 'w')\n", false},
    };
    for (const Source& row : rows)
        EXPECT_EQ(triggered(row.source), row.warned ? warning : "") << row.name;
}

TEST(LoadWorkspace, KnowsTimeZonesOfThisSystem)
{
    if (!fs::is_directory("/usr/share/zoneinfo"))
        GTEST_SKIP() << "not run: this system has no time zone database";
    const TemporaryFolder folder;
    folder.write("functions/f/app.py", kSource);
    folder.write("coldframe.json", "{\"functions\": {\"f\": {" + kHandler + R"json(}}, "triggers": {
"a": {"kind": "schedule", "expression": "rate(1 day)", "function": "f", "timezone": "Europe/Berlin"},
"b": {"kind": "schedule", "expression": "rate(1 day)", "function": "f", "timezone": "Europe/Bern"}
}})json");
    EXPECT_EQ(reportOf(loadWorkspace(folder.path()), folder),
              "error: WS/coldframe.json:5:85: /triggers/b/timezone: this system knows no time zone "
              "\"Europe/Bern\"; write a name such as \"Europe/Berlin\" or \"UTC\"\n");
}

TEST(LoadWorkspace, TakesTheFileItselfAndOtherNames)
{
    const TemporaryFolder folder;
    folder.write("functions/f/app.py", kSource);
    const fs::path file = folder.write("other.json", oneFunction(kHandler));
    const WorkspaceReading reading = loadWorkspace(file);
    ASSERT_TRUE(reading.workspace) << describe(reading.errors);
    EXPECT_EQ(reading.workspace->folder, folder.path());
    EXPECT_EQ(reading.workspace->text, oneFunction(kHandler));
}

TEST(LoadWorkspace, TakesARelativePath)
{
    const TemporaryFolder folder;
    folder.write("ws/functions/f/app.py", kSource);
    folder.write("ws/coldframe.json", oneFunction(kHandler));
    const fs::path before = fs::current_path();
    fs::current_path(folder.path());
    for (const char* name : {"ws", "ws/", "./ws", "ws/coldframe.json", "ws/../ws"}) {
        const WorkspaceReading reading = loadWorkspace(name);
        ASSERT_TRUE(reading.workspace) << name << "\n" << describe(reading.errors);
        EXPECT_EQ(reading.workspace->folder, folder.path() / "ws") << name;
        EXPECT_EQ(reading.workspace->name, "ws") << name;
    }
    fs::current_path(before);
}

TEST(LoadWorkspace, SaysThatAFolderIsMissing)
{
    const WorkspaceReading reading = loadWorkspace("/nowhere/at/all");
    EXPECT_EQ(describe(reading.errors),
              "/nowhere/at/all: there is no such folder; name a folder that holds a "
              "coldframe.json\n");
}

TEST(LoadWorkspace, SaysThatAFileCannotBeRead)
{
    const TemporaryFolder folder;
    fs::permissions(folder.path(), fs::perms(0755));
    fs::permissions(folder.write("coldframe.json", "{}"), fs::perms::none);
    const uid_t self = ::geteuid();
    if (self == 0) { // the superuser may read everything: be nobody for a moment
        ASSERT_EQ(::seteuid(65534), 0);
    }
    EXPECT_EQ(reportOf(loadWorkspace(folder.path()), folder),
              "error: WS/coldframe.json: the file cannot be read: Permission denied; check the "
              "permissions of the file and its folders\n");
    ASSERT_EQ(::seteuid(self), 0);
}

} // namespace
} // namespace coldframe::test
