#pragma once

#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coldframe::test {

/// Exit code of a child that found out that the system does not let it set the stage.
inline constexpr int kNotPossible = 77;

/// Runs the body in a process of its own, because what it limits cannot be given back. Returns its
/// exit code, 0 for success; it prints what it found wrong.
inline int inChild(const std::function<int()>& body)
{
    const pid_t child = ::fork();
    if (child == 0) {
        const int code = body();
        std::fflush(nullptr);
        ::_exit(testing::Test::HasFailure() ? 1 : code);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

/// In a child: a file system of its own in that folder, of so many megabytes. False without root.
inline bool mountSmallDisk(const std::filesystem::path& folder, int megabytes)
{
    std::filesystem::create_directory(folder);
    const std::string options = "size=" + std::to_string(megabytes) + "m";
    return ::unshare(CLONE_NEWNS) == 0
        && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0
        && ::mount("tmpfs", folder.c_str(), "tmpfs", 0, options.c_str()) == 0;
}

} // namespace coldframe::test
