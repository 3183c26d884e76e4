#include <algorithm>
#include <cstdlib>

#include <unistd.h>

#include <fmt/format.h>

#include "model/handler_file.h"
#include "model/text_file.h"
#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

namespace coldframe {

namespace {

namespace fs = std::filesystem;

bool isFolder(const fs::path& path)
{
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}
bool isFile(const fs::path& path)
{
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}
bool isProgram(const fs::path& path)
{
    return isFile(path) && ::access(path.c_str(), X_OK) == 0;
}

/// Paths in messages are shown as a person wrote them: relative where they lie inside.
std::string shown(const fs::path& path, const fs::path& folder)
{
    if (!detail::isWithin(path, folder))
        return path.string();
    const std::string relative = path.lexically_relative(folder).string();
    return relative == "." ? "the workspace folder" : relative;
}

bool isOnPath(const std::string& program)
{
    const char* variable = std::getenv("PATH");
    std::string_view rest = variable ? variable : "/usr/local/bin:/usr/bin:/bin";
    while (!rest.empty()) {
        const std::size_t colon = std::min(rest.find(':'), rest.size());
        if (isProgram(fs::path(rest.substr(0, colon)) / program))
            return true;
        rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
    return false;
}

/// One function against the disk.
class FunctionCheck {
public:
    FunctionCheck(const Workspace& workspace, const Function& function, const JsonText& text,
                  WorkspaceReading& reading)
        : m_workspace(workspace), m_function(function), m_text(text), m_reading(reading),
          m_pointer(childPointer("/functions", function.name))
    { }

    void run()
    {
        if (!isFolder(m_function.code)) {
            const bool file = isFile(m_function.code);
            fail("code",
                 fmt::format("the code folder {} {}", show(m_function.code),
                             file ? "is a file" : "is not there"),
                 file ? "name the folder that holds it"
                      : "make it, or correct the path; it is relative to the workspace folder");
            return;
        }
        if (m_function.runtime == Runtime::Python || m_function.runtime == Runtime::Node) {
            checkInterpreter();
            checkHandler();
        } else if (m_function.runtime == Runtime::Lambda && m_function.command.empty()) {
            checkProgram(m_function.code / "bootstrap", "code");
        } else {
            checkCommand();
        }
    }

private:
    std::string show(const fs::path& path) const { return shown(path, m_workspace.folder); }

    void fail(const std::string& key, std::string message, std::string hint)
    {
        m_reading.errors.push_back(errorAt(m_text, m_pointer + "/" + key, false,
                                           Error::Code::Missing, std::move(message),
                                           std::move(hint)));
    }

    void checkInterpreter()
    {
        if (!m_function.interpreter || isProgram(*m_function.interpreter))
            return;
        if (isFile(*m_function.interpreter))
            fail(
                "interpreter",
                fmt::format("the interpreter {} cannot be executed", show(*m_function.interpreter)),
                fmt::format("run: chmod +x {}", m_function.interpreter->string()));
        else
            fail("interpreter",
                 fmt::format("the interpreter {} is not there", show(*m_function.interpreter)),
                 m_function.runtime == Runtime::Python
                     ? "give a path such as \".venv/bin/python\" or \"/usr/bin/python3\""
                     : "give a path such as \"/usr/bin/node\"");
    }

    void checkHandler()
    {
        const std::vector<fs::path> files = handlerFiles(m_function);
        if (std::ranges::any_of(files, isFile))
            return;
        fail("handler",
             fmt::format("the handler \"{}\" needs the file {}, which is not there",
                         m_function.handler, show(files.front())),
             "correct the handler, or the code folder");
    }

    void checkProgram(const fs::path& program, const std::string& key)
    {
        if (isProgram(program))
            return;
        if (isFile(program))
            fail(key, fmt::format("{} cannot be executed", show(program)),
                 fmt::format("run: chmod +x {}", program.string()));
        else
            fail(key, fmt::format("the program {} is not there", show(program)),
                 "build it first, or correct the path");
    }

    void checkCommand()
    {
        const std::string& program = m_function.command.front();
        if (program.find('/') != std::string::npos)
            return checkProgram((m_function.code / program).lexically_normal(), "command/0");
        if (isOnPath(program))
            return;
        m_reading.warnings.push_back(
            errorAt(m_text, m_pointer + "/command/0", false, Error::Code::Missing,
                    fmt::format("the program {} is not in any folder of PATH", program),
                    fmt::format("install it; until then every invocation of \"{}\" fails",
                                m_function.name)));
    }

    const Workspace& m_workspace;
    const Function& m_function;
    const JsonText& m_text;
    WorkspaceReading& m_reading;
    std::string m_pointer;
};

void checkTimezone(const Trigger& trigger, const JsonText& text, Errors& errors)
{
    const fs::path database = "/usr/share/zoneinfo";
    const auto* schedule = std::get_if<ScheduleTrigger>(&trigger.kind);
    if (!schedule || !isFolder(database) || isFile(database / schedule->timezone))
        return;
    errors.push_back(errorAt(
        text, childPointer("/triggers", trigger.name) + "/timezone", false, Error::Code::Missing,
        fmt::format("this system knows no time zone \"{}\"", schedule->timezone),
        "write a name such as \"Europe/Berlin\" or \"UTC\""));
}

void checkStreamFile(const Workspace& workspace, const Trigger& trigger, const JsonText& text,
                     WorkspaceReading& reading)
{
    const auto* stream = std::get_if<StreamTrigger>(&trigger.kind);
    if (!stream)
        return;
    const std::string at = childPointer("/triggers", trigger.name) + "/path";
    if (isFolder(stream->path))
        reading.errors.push_back(
            errorAt(text, at, false, Error::Code::Conflict,
                    fmt::format("{} is a folder", shown(stream->path, workspace.folder)),
                    "name the file to follow, such as data/clicks.jsonl"));
    else if (!isFolder(stream->path.parent_path())) // the file itself may appear later
        reading.warnings.push_back(errorAt(
            text, at, false, Error::Code::Missing,
            fmt::format("the folder of {} is not there", shown(stream->path, workspace.folder)),
            "the trigger waits until it is"));
}

void checkStoreFolder(const Workspace& workspace, const Store& store, const JsonText& text,
                      Errors& errors)
{
    const fs::path& path = pathOf(store);
    if (path.empty())
        return; // a server
    if (std::holds_alternative<SqliteStore>(store.kind)) {
        if (isFolder(path))
            errors.push_back(errorAt(
                text, childPointer("/stores", store.name) + "/path", false, Error::Code::Conflict,
                fmt::format("{} is a folder", shown(path, workspace.folder)),
                "a store of the kind sqlite is one file, such as \"data/orders.db\""));
    } else if (isFile(path)) // a folder that is missing is made when the workspace starts
        errors.push_back(errorAt(
            text, childPointer("/stores", store.name) + "/path", false, Error::Code::Conflict,
            fmt::format("{} is a file", shown(path, workspace.folder)), "a store needs a folder"));
}

} // namespace

namespace detail {

void checkOnDisk(const Workspace& workspace, const JsonText& text, WorkspaceReading& reading)
{
    for (const Function& function : workspace.functions)
        FunctionCheck(workspace, function, text, reading).run();
    for (const Store& store : workspace.stores)
        checkStoreFolder(workspace, store, text, reading.errors);
    for (const Trigger& trigger : workspace.triggers) {
        checkTimezone(trigger, text, reading.errors);
        checkStreamFile(workspace, trigger, text, reading);
    }
    warnOfWritingSources(workspace, text, reading.warnings);
}

} // namespace detail

} // namespace coldframe
