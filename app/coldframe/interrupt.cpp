#include "interrupt.h"

#include <array>
#include <cerrno>
#include <csignal>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace coldframe::commands {

namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

/// Written by the handler, which may do little else.
volatile std::sig_atomic_t g_wake = -1;

void onSignal(int)
{
    const int saved = errno;
    const eventfd_t one = 1;
    [[maybe_unused]] const auto written = ::write(g_wake, &one, sizeof one);
    errno = saved;
}

void handle(void (*handler)(int))
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND); // the second one ends at once
    for (const int signal : kSignals)
        ::sigaction(signal, &action, nullptr);
}

} // namespace

Interrupt::Interrupt()
{
    g_wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    handle(onSignal);
}

Interrupt::~Interrupt()
{
    handle(SIG_DFL);
    ::close(g_wake);
    g_wake = -1;
}

bool Interrupt::wait(std::chrono::milliseconds atMost) const
{
    pollfd wake = {g_wake, POLLIN, 0};
    return ::poll(&wake, 1, static_cast<int>(atMost.count())) > 0; // stays readable: never read
}

} // namespace coldframe::commands
