#include <utility> // Boost 1.74's awaitable needs it first with GCC 12

#include "process/launch.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

#include "process/process_state.h"
#include "process/program.h"
#include "process/spawn.h"

namespace coldframe::process {
namespace {

Duration monotonicNow()
{
    timespec now = {};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::chrono::seconds(now.tv_sec) + Duration(now.tv_nsec);
}

/// exec would cut a text at a null byte and run something else than was asked for.
Result<void> checkTexts(const LaunchSpec& spec)
{
    if (spec.argv.empty() || spec.argv.front().empty())
        return tl::unexpected(
            makeError(Error::Code::Missing, "no program is named", "name the program to run"));
    const auto hasNull = [](const std::string& text) { return text.find('\0') != text.npos; };
    for (const std::string& argument : spec.argv) {
        if (hasNull(argument))
            return tl::unexpected(makeError(
                Error::Code::Malformed,
                "an argument of '" + spec.argv.front() + "' contains a null byte", "remove it"));
    }
    for (const std::string& entry : spec.environment) {
        const auto equals = entry.find('=');
        if (hasNull(entry) || equals == entry.npos || equals == 0)
            return tl::unexpected(makeError(Error::Code::Malformed,
                                            "the environment entry '"
                                                + entry.substr(0, std::min(equals, entry.size()))
                                                + "' is not of the form NAME=value",
                                            "correct it"));
    }
    return {};
}

Result<void> checkWorkingFolder(LaunchSpec& spec)
{
    std::error_code failed;
    spec.workingFolder = std::filesystem::absolute(spec.workingFolder, failed).string();
    if (std::filesystem::is_directory(spec.workingFolder, failed))
        return {};
    return tl::unexpected(makeError(Error::Code::Missing,
                                    "the working folder '" + spec.workingFolder
                                        + "' does not exist or is not a folder",
                                    "create it or name another"));
}

Result<void> makeTemporaryFolder(LaunchSpec& spec)
{
    if (spec.temporaryFolder.empty())
        return {};
    std::error_code failed;
    const auto path = std::filesystem::absolute(spec.temporaryFolder, failed);
    spec.temporaryFolder = path.string();
    if (::mkdir(path.c_str(), S_IRWXU) == 0)
        return {};
    if (errno == ENOENT) {
        std::filesystem::create_directories(path.parent_path(), failed);
        if (::mkdir(path.c_str(), S_IRWXU) == 0)
            return {};
    }
    // It will be removed with all that is in it, so it must not be anybody else's.
    if (errno == EEXIST)
        return tl::unexpected(
            makeError(Error::Code::Conflict,
                      "the temporary folder '" + spec.temporaryFolder + "' exists already",
                      "remove it or name another"));
    return tl::unexpected(makeError(Error::Code::Io,
                                    "the temporary folder '" + spec.temporaryFolder
                                        + "' could not be made: " + std::strerror(errno),
                                    "check the permissions of its parent and the space left"));
}

} // namespace

Result<std::unique_ptr<Process>> launch(boost::asio::io_context& io, LaunchSpec spec,
                                        ProcessCallbacks callbacks)
{
    const Duration launchedAt = monotonicNow();
    const Result<void> texts = checkTexts(spec);
    if (!texts)
        return tl::unexpected(texts.error());
    const Result<void> folder = checkWorkingFolder(spec);
    if (!folder)
        return tl::unexpected(folder.error());
    Result<std::string> program = findProgram(spec);
    if (!program)
        return tl::unexpected(program.error());
    const Result<void> temporary = makeTemporaryFolder(spec);
    if (!temporary)
        return tl::unexpected(temporary.error());

    spec.environment.push_back("COLDFRAME_SANDBOX=" + spec.token);
    Result<SpawnedReaper> reaper = spawnReaper(spec, *program, markOf(spec.token));
    if (!reaper) {
        if (!spec.temporaryFolder.empty())
            ::rmdir(spec.temporaryFolder.c_str()); // still empty
        return tl::unexpected(reaper.error());
    }
    spec.input.reset(); // the program has its own copy
    auto state
        = std::make_shared<Process::State>(io, std::move(spec), std::move(*program),
                                           std::move(callbacks), std::move(*reaper), launchedAt);
    state->begin();
    return std::unique_ptr<Process>(new Process(std::move(state)));
}

Process::Process(std::shared_ptr<State> state) : m_state(std::move(state)) { }
Process::~Process()
{
    m_state->release();
}

pid_t Process::pid() const
{
    return m_state->pid();
}
pid_t Process::reaperPid() const
{
    return m_state->reaperPid();
}
Duration Process::spawnTime() const
{
    return m_state->spawnTime();
}
void Process::kill()
{
    m_state->kill();
}
void Process::terminate(Duration grace)
{
    m_state->terminate(grace);
}
void Process::workBegins()
{
    if (m_state->hasShare())
        m_state->order(kWorkBeginsOrder);
}
void Process::workEnds()
{
    if (m_state->hasShare())
        m_state->order(kWorkEndsOrder);
}
void Process::drainOutput()
{
    m_state->drainOutput();
}
void Process::pauseOutput()
{
    m_state->setPaused(true);
}
void Process::resumeOutput()
{
    m_state->setPaused(false);
}

} // namespace coldframe::process
