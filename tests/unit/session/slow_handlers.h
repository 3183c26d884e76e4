#pragma once

#include <array>
#include <csignal>
#include <ctime>
#include <string>
#include <vector>

#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fmt/format.h>

#include "model/time.h"

namespace coldframe::session::test {

/// Finds handlers of the live thread that take too much CPU time, and where they spent it: a timer
/// on that thread's CPU clock interrupts a handler half-way to its limit and keeps its stack.
class SlowHandlers {
public:
    explicit SlowHandlers(Duration limit) : m_limit(limit)
    {
        void* first = nullptr;
        backtrace(&first, 1); // loads what the signal handler may not
        struct sigaction action { };
        action.sa_handler = &SlowHandlers::interrupted;
        action.sa_flags = SA_RESTART;
        sigaction(kSignal, &action, nullptr);
    }
    SlowHandlers(const SlowHandlers&) = delete;
    SlowHandlers& operator=(const SlowHandlers&) = delete;
    ~SlowHandlers()
    {
        if (m_watching)
            timer_delete(m_timer);
        std::signal(kSignal, SIG_IGN);
    }

    /// Options::watchdog. On the live thread; all else once that has ended.
    void ended(Duration cpu)
    {
        ++m_handlers;
        m_longest = std::max(m_longest, cpu);
        if (cpu > m_limit)
            m_slow.push_back(fmt::format("{:.1f} ms{}", toMilliseconds(cpu), stack()));
        s_depth = 0;
        watchNext();
    }

    std::size_t handlers() const { return m_handlers; }
    Duration longest() const { return m_longest; }
    const std::vector<std::string>& slow() const { return m_slow; }

private:
    static constexpr int kSignal = SIGUSR2;

    static void interrupted(int)
    {
        const int saved = errno;
        s_depth = backtrace(s_stack.data(), static_cast<int>(s_stack.size()));
        errno = saved;
    }

    void watchNext()
    {
        if (!m_watching) {
            sigevent event{};
            event.sigev_notify = SIGEV_THREAD_ID;
            event.sigev_signo = kSignal;
            event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
            m_watching = timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &m_timer) == 0;
        }
        itimerspec half{};
        half.it_value.tv_nsec = (m_limit / 2).count();
        if (m_watching)
            timer_settime(m_timer, 0, &half, nullptr);
    }

    static std::string stack()
    {
        std::string text;
        for (int i = 2; i < s_depth; ++i) { // without the signal's own
            Dl_info found{};
            const char* name = dladdr(s_stack[static_cast<std::size_t>(i)], &found) != 0
                ? found.dli_sname
                : nullptr;
            if (!name)
                continue;
            int status = 0;
            char* plain = abi::__cxa_demangle(name, nullptr, nullptr, &status);
            const std::string words = plain ? plain : name;
            std::free(plain);
            if (words.find("boost::asio") == std::string::npos)
                text += "\n    in " + words.substr(0, 160);
        }
        return text;
    }

    static inline std::array<void*, 64> s_stack{};
    static inline volatile int s_depth = 0;

    const Duration m_limit;
    timer_t m_timer{};
    bool m_watching = false;
    std::size_t m_handlers = 0;
    Duration m_longest{};
    std::vector<std::string> m_slow;
};

} // namespace coldframe::session::test
