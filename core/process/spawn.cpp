#include "process/spawn.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "process/host.h"

namespace coldframe::process {
namespace {

Error systemError(const std::string& what, int error)
{
    Error result;
    const bool limit = error == EMFILE || error == ENFILE || error == EAGAIN || error == ENOMEM;
    result.code = limit ? Error::Code::LimitReached : Error::Code::Io;
    result.message = what + ": " + std::strerror(error);
    if (error == EMFILE || error == ENFILE)
        result.hint = "raise the limit shown by 'ulimit -n'";
    else if (limit)
        result.hint = "end other programs, or allow fewer instances";
    else if (error == E2BIG)
        result.hint = "pass large values in a file instead of arguments or environment";
    else
        result.hint = "check the limits shown by 'ulimit -a'";
    return result;
}

struct Ends {
    UniqueFd ours; ///< non-blocking
    UniqueFd theirs; ///< blocking, and never 0, 1 or 2: the reaper needs those numbers free
};

bool settle(int ours, int theirs, Ends& ends)
{
    ends.ours.reset(ours);
    ends.theirs.reset(theirs);
    if (theirs < 3)
        ends.theirs.reset(::fcntl(theirs, F_DUPFD_CLOEXEC, 3));
    return ends.theirs && ::fcntl(ours, F_SETFL, O_NONBLOCK) == 0;
}

bool makePipe(Ends& ends)
{
    int pipe[2] = {-1, -1};
    return ::pipe2(pipe, O_CLOEXEC) == 0 && settle(pipe[0], pipe[1], ends);
}

bool makeSocket(Ends& ends)
{
    int pair[2] = {-1, -1};
    return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0
        && settle(pair[0], pair[1], ends);
}

/// A file in memory instead of a pipe: the program reads at its own pace and the app need not.
bool makeInput(const std::string& text, UniqueFd& input)
{
    const UniqueFd file(::memfd_create("stdin", MFD_CLOEXEC));
    if (!file)
        return false;
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t wrote = ::write(file.get(), text.data() + done, text.size() - done);
        if (wrote < 0)
            return false;
        done += static_cast<std::size_t>(wrote);
    }
    // Opened anew for reading: at its beginning, and not writable by the program.
    const std::string path = "/proc/self/fd/" + std::to_string(file.get());
    input.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (input && input.get() < 3)
        input.reset(::fcntl(input.get(), F_DUPFD_CLOEXEC, 3));
    return static_cast<bool>(input);
}

std::vector<char*> pointers(std::vector<std::string>& texts)
{
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (std::string& text : texts)
        result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

/// Every signal back to its default and none blocked from reaching the reaper's own handling; a
/// session of its own, so that no terminal reaches it.
Result<pid_t> spawn(std::vector<std::string> argv, std::vector<std::string> environment,
                    const std::vector<int>& passed)
{
    const Result<std::string> path = reaperPath();
    if (!path)
        return tl::unexpected(path.error());
    argv.insert(argv.begin(), "coldframe-instance");
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_init(&actions);
    sigset_t all;
    sigfillset(&all);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setsigmask(&attributes, &all);
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
    for (const int fd : passed) // onto itself: takes close-on-exec off (glibc 2.29, POSIX 2024)
        ::posix_spawn_file_actions_adddup2(&actions, fd, fd);
    pid_t pid = 0;
    const int error = ::posix_spawn(&pid, path->c_str(), &actions, &attributes,
                                    pointers(argv).data(), pointers(environment).data());
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    if (error != 0)
        return tl::unexpected(systemError("'" + *path + "' could not be started", error));
    return pid;
}

} // namespace

Result<SpawnedReaper> spawnReaper(const LaunchSpec& spec, const std::string& program,
                                  std::uint64_t mark)
{
    Ends channel;
    Ends output;
    Ends errors;
    UniqueFd input;
    if (!makeSocket(channel) || !makePipe(output) || !makePipe(errors))
        return tl::unexpected(systemError("no pipes for '" + program + "' could be made", errno));
    if (spec.input && !makeInput(*spec.input, input))
        return tl::unexpected(systemError("the input of '" + program + "' found no room", errno));

    const auto word = [](const char* name, auto value) { return name + std::to_string(value); };
    std::vector<int> passed = {channel.theirs.get(), output.theirs.get(), errors.theirs.get()};
    std::vector<std::string> argv = {word("control=", channel.theirs.get()),
                                     word("status=", channel.theirs.get()),
                                     word("stdout=", output.theirs.get()),
                                     word("stderr=", errors.theirs.get()),
                                     word("mark=", mark),
                                     word("data=", spec.dataLimitBytes),
                                     word("share=", spec.cpuShareMillionths),
                                     word("filesize=", spec.fileLimitBytes),
                                     "folder=" + spec.workingFolder,
                                     "program=" + program};
    if (input) {
        passed.push_back(input.get());
        argv.push_back(word("stdin=", input.get()));
    }
    if (!spec.temporaryFolder.empty())
        argv.push_back("temporary=" + spec.temporaryFolder);
    argv.emplace_back("--");
    argv.insert(argv.end(), spec.argv.begin(), spec.argv.end());

    const Result<pid_t> pid = spawn(std::move(argv), spec.environment, passed);
    if (!pid)
        return tl::unexpected(pid.error());
    return SpawnedReaper{*pid, std::move(channel.ours), std::move(output.ours),
                         std::move(errors.ours)};
}

Result<pid_t> spawnFolderRemoval(const std::string& folder)
{
    return spawn({"temporary=" + folder}, {}, {});
}

} // namespace coldframe::process
