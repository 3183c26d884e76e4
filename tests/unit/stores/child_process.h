#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <optional>
#include <string>

/// Runs `work` in a child process, where it may become another user or give itself other limits,
/// and returns its text; none when it returned none or the child died.
inline std::optional<std::string> inChild(const std::function<std::optional<std::string>()>& work)
{
    int ends[2];
    if (::pipe(ends) != 0)
        return std::nullopt;
    const pid_t child = ::fork();
    if (child == 0) {
        const auto text = work();
        if (text && ::write(ends[1], text->data(), text->size()) < 0)
            ::_exit(1);
        ::_exit(text ? 0 : 77);
    }
    ::close(ends[1]);
    std::string text(65'536, '\0');
    std::size_t length = 0;
    for (ssize_t got = 0; (got = ::read(ends[0], text.data() + length, text.size() - length)) > 0;)
        length += std::size_t(got);
    ::close(ends[0]);
    text.resize(length);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? std::optional(text) : std::nullopt;
}
