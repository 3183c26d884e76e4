#include "process/program.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

namespace coldframe::process {

Error makeError(Error::Code code, std::string message, std::string hint)
{
    Error error;
    error.code = code;
    error.message = std::move(message);
    error.hint = std::move(hint);
    return error;
}
namespace {

bool isFile(const std::string& path)
{
    struct stat status = {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

Error notExecutable(const std::string& path)
{
    return makeError(Error::Code::Io, "'" + path + "' may not be executed",
                     "give it permission: chmod +x '" + path + "'");
}

/// The interpreter a script's first line names; empty when it names none.
std::string interpreterOf(const std::string& script)
{
    std::string line;
    std::ifstream in(script, std::ios::binary);
    std::getline(in, line);
    if (line.compare(0, 2, "#!") != 0)
        return {};
    const auto begin = std::min(line.find_first_not_of(" \t", 2), line.size());
    const auto end = std::min(line.find_first_of(" \t", begin), line.size());
    return line.substr(begin, end - begin);
}

Error explainExec(int error, const std::string& program)
{
    if (error == ENOENT) {
        std::string interpreter = interpreterOf(program);
        if (interpreter.empty())
            return makeError(Error::Code::Missing,
                             "'" + program + "' needs a program loader that is not there",
                             "it was built for another system: build it here");
        // Editors on other systems end lines with a carriage return, which no file name has.
        if (interpreter.back() == '\r')
            return makeError(Error::Code::Malformed,
                             "the first line of '" + program + "' ends with a carriage return",
                             "save it with Unix line ends");
        return makeError(Error::Code::Missing,
                         "the first line of '" + program + "' names '" + interpreter
                             + "', which is not there",
                         "install it or correct that line");
    }
    if (error == ENOEXEC)
        return makeError(Error::Code::Malformed,
                         "'" + program + "' is neither a program for this machine nor a script",
                         "start a script with a line such as #!/bin/sh");
    if (error == EACCES)
        return notExecutable(program);
    if (error == E2BIG)
        return makeError(Error::Code::LimitReached,
                         "the arguments and environment of '" + program + "' are too long",
                         "pass large values in a file");
    return makeError(Error::Code::Io,
                     "'" + program + "' could not be started: " + std::strerror(error),
                     "try it in a terminal");
}

} // namespace

std::string_view environmentValue(const LaunchSpec& spec, std::string_view name)
{
    std::string_view value;
    for (const std::string_view entry : spec.environment) {
        if (entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name))
            value = entry.substr(name.size() + 1);
    }
    return value;
}

Result<std::string> findProgram(const LaunchSpec& spec)
{
    const std::string& name = spec.argv.front();
    if (name.find('/') != std::string::npos) {
        const std::string path = name.front() == '/' ? name : spec.workingFolder + '/' + name;
        if (!isFile(path))
            return tl::unexpected(makeError(Error::Code::Missing,
                                            "there is no program '" + path + "'",
                                            "check the path, or build it first"));
        if (::access(path.c_str(), X_OK) != 0)
            return tl::unexpected(notExecutable(path));
        return path;
    }
    const std::string_view path = environmentValue(spec, "PATH");
    std::string refused;
    for (std::size_t begin = 0; begin < path.size();) {
        const std::size_t end = std::min(path.find(':', begin), path.size());
        std::string candidate(path.substr(begin, end - begin));
        // An empty or relative entry would search whatever folder the app runs in: not here.
        if (!candidate.empty() && candidate.front() == '/' && isFile(candidate += '/' + name)) {
            if (::access(candidate.c_str(), X_OK) == 0)
                return candidate;
            if (refused.empty())
                refused = candidate;
        }
        begin = end + 1;
    }
    if (!refused.empty())
        return tl::unexpected(notExecutable(refused));
    return tl::unexpected(
        makeError(Error::Code::Missing,
                  "there is no program '" + name + "' in PATH (" + std::string(path) + ")",
                  "install it, or write its full path"));
}

Error explainStartFailure(StartStep step, int error, const std::string& program,
                          const LaunchSpec& spec)
{
    switch (step) {
    case StartStep::Program:
        return explainExec(error, program);
    case StartStep::Folder:
        return makeError(Error::Code::Io,
                         "the working folder '" + spec.workingFolder
                             + "' cannot be entered: " + std::strerror(error),
                         "check that it exists and that you may open it");
    case StartStep::Fork:
        return makeError(Error::Code::LimitReached,
                         "no process for '" + program + "' could be made: " + std::strerror(error),
                         "end other programs, or raise the limit shown by 'ulimit -u'");
    case StartStep::DeathSignal:
    case StartStep::Limits:
    case StartStep::Streams:
        break;
    }
    return makeError(Error::Code::Io,
                     "'" + program + "' could not be confined: " + std::strerror(error),
                     "check the limits shown by 'ulimit -a'");
}

} // namespace coldframe::process
