#include "console.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <unistd.h>

namespace coldframe::commands {

namespace {

/// 0, or the system's error number.
int writeAll(int to, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = ::write(to, text.data(), text.size());
        if (written >= 0)
            text.remove_prefix(static_cast<std::size_t>(written));
        else if (errno != EINTR)
            return errno;
    }
    return 0;
}

} // namespace

Result<void> writeOut(std::string_view text)
{
    const int problem = writeAll(STDOUT_FILENO, text);
    if (problem == 0 || problem == EPIPE)
        return {};
    return tl::unexpected(Error{.code = Error::Code::Io,
                                .message = std::string("standard output cannot be written: ")
                                    + std::strerror(problem),
                                .hint = "make room on the disk, or send the output elsewhere"});
}

void say(std::string_view line)
{
    sayRaw(std::string(line) + '\n');
}

void say(const Error& error)
{
    say("coldframe: " + describe(error));
}

void sayRaw(std::string_view text)
{
    writeAll(STDERR_FILENO, text); // there is nowhere left to say that this failed
}

bool errorIsTerminal()
{
    return ::isatty(STDERR_FILENO) == 1;
}

} // namespace coldframe::commands
