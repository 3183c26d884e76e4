#include "live/runtime_launch.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

namespace coldframe::live {

namespace fs = std::filesystem;

namespace {

bool canBeRun(const fs::path& program)
{
    std::error_code ignored;
    return access(program.c_str(), X_OK) == 0 && !fs::is_directory(program, ignored);
}

std::optional<fs::path> findInPath(const std::string& program, const std::string& path)
{
    std::size_t begin = 0;
    while (begin <= path.size()) {
        const std::size_t end = std::min(path.find(':', begin), path.size());
        const fs::path candidate = fs::path(path.substr(begin, end - begin)) / program;
        if (canBeRun(candidate))
            return candidate;
        begin = end + 1;
    }
    return std::nullopt;
}

/// A version manager's shim is a script; asking it takes as long as a start, so once per file.
bool isScript(const fs::path& program)
{
    std::ifstream file(program, std::ios::binary);
    std::array<char, 2> head{};
    file.read(head.data(), head.size());
    return head[0] == '#' && head[1] == '!';
}

std::string ask(const std::string& command)
{
    std::string out;
    if (FILE* pipe = popen(command.c_str(), "re")) {
        std::array<char, 512> buffer{};
        while (std::fgets(buffer.data(), buffer.size(), pipe))
            out += buffer.data();
        pclose(pipe);
    }
    while (!out.empty() && (out.back() == '\n' || out.back() == '\r'))
        out.pop_back();
    return out;
}

std::string quoted(const fs::path& path)
{
    std::string text = "'";
    for (const char c : path.string())
        text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

fs::path behindShim(const fs::path& program, Runtime runtime)
{
    static std::mutex mutex;
    static std::map<fs::path, fs::path> known; // of this process; an interpreter seldom moves
    if (!isScript(program))
        return program;
    const std::lock_guard lock(mutex);
    if (const auto it = known.find(program); it != known.end())
        return it->second;
    const std::string question = runtime == Runtime::Python
        ? quoted(program) + " -c 'import sys; print(sys.executable)' 2>/dev/null"
        : quoted(program) + " -p process.execPath 2>/dev/null";
    const fs::path real = ask(question);
    return known[program] = canBeRun(real) ? real : program;
}

/// "3.11" from ".../python3.11", else empty: good enough for AWS_EXECUTION_ENV, and free.
std::string versionInName(const fs::path& program)
{
    std::error_code ignored;
    const std::string name = fs::canonical(program, ignored).filename().string();
    const std::size_t digits = name.find_first_of("0123456789");
    return digits == std::string::npos ? std::string() : name.substr(digits);
}

Error missing(const Function& function, const std::string& what, const std::string& hint)
{
    return {.code = Error::Code::Missing,
            .message = fmt::format("Function {}: {}", function.name, what),
            .hint = hint};
}

Result<RuntimeLaunch> interpreted(const Workspace& workspace, const Function& function,
                                  const fs::path& runtimeFolder, const std::string& path)
{
    const bool python = function.runtime == Runtime::Python;
    const std::string name = python ? "python3" : "node";
    std::optional<fs::path> program = function.interpreter;
    if (program && !canBeRun(*program))
        return tl::unexpected(missing(
            function,
            fmt::format("the interpreter {} is not there or cannot be run", program->string()),
            "correct \"interpreter\" in coldframe.json"));
    if (!program && python)
        for (const fs::path& folder : {function.code, workspace.folder})
            if (!program && canBeRun(folder / ".venv/bin/python"))
                program = folder / ".venv/bin/python";
    if (!program)
        program = findInPath(name, path);
    if (!program)
        return tl::unexpected(
            missing(function, fmt::format("no {} was found in PATH ({})", name, path),
                    python ? "install it with: sudo apt install python3, or name one as "
                             "\"interpreter\" in coldframe.json"
                           : "install it with: sudo apt install nodejs, or name one as "
                             "\"interpreter\" in coldframe.json"));
    // A virtual environment is found through the path of its python: that link is not followed.
    const fs::path real = behindShim(*program, function.runtime);
    const fs::path client
        = runtimeFolder / (python ? "python/coldframe_runtime.py" : "node/coldframe_runtime.cjs");
    return RuntimeLaunch{{real.string(), client.string()}, real.string(), versionInName(real)};
}

} // namespace

Result<RuntimeLaunch> runtimeLaunch(const Workspace& workspace, const Function& function,
                                    const fs::path& runtimeFolder, const std::string& path)
{
    switch (function.runtime) {
    case Runtime::Python:
    case Runtime::Node:
        return interpreted(workspace, function, runtimeFolder, path);
    case Runtime::Lambda:
        if (function.command.empty())
            return RuntimeLaunch{{"./bootstrap"}, {}, {}};
        return RuntimeLaunch{function.command, {}, {}};
    case Runtime::Command:
        return RuntimeLaunch{function.command, {}, {}};
    }
    return RuntimeLaunch{};
}

} // namespace coldframe::live
