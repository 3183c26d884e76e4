// A program for the tests to run: it floods, burns, allocates and multiplies as it is told.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <csignal>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

/// Numbered lines of 16 bytes, so that the reader can tell a loss from a swap.
int flood(long long bytes)
{
    std::string block;
    for (long long line = 0; line * 16 < bytes; ++line) {
        char text[24];
        std::snprintf(text, sizeof text, "%015lld\n", line);
        block.append(text, 16);
        if (block.size() >= 64 * 1024 || (line + 1) * 16 >= bytes) {
            std::fwrite(block.data(), 1, block.size(), stdout);
            block.clear();
        }
    }
    return 0;
}

void burnThreadCpu(long long nanoseconds)
{
    timespec used = {};
    const auto cpu = [&used] {
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
        return used.tv_sec * 1'000'000'000LL + used.tv_nsec;
    };
    for (const long long end = cpu() + nanoseconds; cpu() < end;) { }
}

void burn(int threads, long long milliseconds)
{
    std::vector<std::thread> others;
    for (int i = 1; i < threads; ++i)
        others.emplace_back(burnThreadCpu, milliseconds * 1'000'000);
    burnThreadCpu(milliseconds * 1'000'000);
    for (std::thread& other : others)
        other.join();
}

void allocate(std::size_t megabytes)
{
    const std::size_t bytes = megabytes << 20;
    void* memory
        = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    std::memset(memory, 1, bytes);
    ::munmap(memory, bytes);
}

void burnInChild(long long milliseconds)
{
    const pid_t child = ::fork();
    if (child == 0) {
        burnThreadCpu(milliseconds * 1'000'000);
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
}

/// Each process forks two more until 2^depth of them sleep, every second one in its own session.
int bomb(int depth)
{
    for (; depth > 0; --depth) {
        if (::fork() == 0 && depth % 2 == 0)
            ::setsid();
    }
    std::puts("up");
    std::fflush(stdout);
    for (;;)
        ::pause();
}

/// "burn 2 100", "allocate 50", "child 50", "nothing": does it, then answers "done".
int serve()
{
    char line[128];
    while (std::fgets(line, sizeof line, stdin) != nullptr) {
        int first = 0;
        int second = 0;
        if (std::sscanf(line, "burn %d %d", &first, &second) == 2)
            burn(first, second);
        else if (std::sscanf(line, "allocate %d", &first) == 1)
            allocate(static_cast<std::size_t>(first));
        else if (std::sscanf(line, "child %d", &first) == 1)
            burnInChild(first);
        std::puts("done");
        std::fflush(stdout);
    }
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    const std::string_view what = argc > 1 ? argv[1] : "";
    const int number = argc > 2 ? std::atoi(argv[2]) : 0;
    if (what == "flood")
        return flood(std::atoll(argv[2]));
    if (what == "burn") {
        burn(2, number);
        return 0;
    }
    if (what == "allocate") {
        allocate(static_cast<std::size_t>(number));
        return 0;
    }
    if (what == "bomb")
        return bomb(number);
    if (what == "serve")
        return serve();
    return 2;
}
