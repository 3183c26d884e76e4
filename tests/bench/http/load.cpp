#include "load.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coldframe::bench {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void die(const char* what)
{
    std::perror(what);
    std::exit(1);
}

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void watch(int poll, int socket)
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket;
    if (::epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event) != 0)
        die("epoll_ctl");
}

int connectTo(std::uint16_t port)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = loopback(port);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        die("connect");
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

[[noreturn]] void runClients(std::uint16_t port, const Exchange& exchange, int connections)
{
    const int poll = ::epoll_create1(0);
    std::vector<std::size_t> missing(1024 + static_cast<std::size_t>(connections));
    const auto send = [&](int socket) {
        missing[static_cast<std::size_t>(socket)] = exchange.answerBytes;
        if (::write(socket, exchange.request.data(), exchange.request.size()) < 0)
            std::_Exit(0); // the server has ended
    };
    for (int i = 0; i < connections; ++i) {
        const int socket = connectTo(port);
        watch(poll, socket);
        send(socket);
    }
    std::array<epoll_event, 64> events;
    std::array<char, 65536> answer;
    for (;;) {
        const int count = ::epoll_wait(poll, events.data(), events.size(), -1);
        for (int i = 0; i < count; ++i) {
            const int socket = events[static_cast<std::size_t>(i)].data.fd;
            const ssize_t got = ::read(socket, answer.data(), answer.size());
            if (got <= 0)
                std::_Exit(0);
            std::size_t& left = missing[static_cast<std::size_t>(socket)];
            left -= static_cast<std::size_t>(got);
            if (left == 0)
                send(socket);
        }
    }
}

} // namespace

std::int64_t threadCpu()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

pid_t startLoad(std::uint16_t port, const Exchange& exchange, int connections)
{
    const pid_t child = ::fork();
    if (child < 0)
        die("fork");
    if (child > 0)
        return child;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    runClients(port, exchange, connections);
}

void endLoad(pid_t child)
{
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
}

Measured measureBareSockets(const Exchange& exchange, int connections)
{
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), size) != 0
        || ::listen(listener, 128) != 0
        || ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        die("listen");
    const pid_t child = startLoad(ntohs(address.sin_port), exchange, connections);
    const int poll = ::epoll_create1(0);
    std::vector<int> sockets;
    for (int i = 0; i < connections; ++i) {
        sockets.push_back(::accept(listener, nullptr, nullptr));
        const int on = 1;
        ::setsockopt(sockets.back(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(poll, sockets.back());
    }
    const std::string answer(exchange.answerBytes, 'a');
    std::array<epoll_event, 64> events;
    std::array<char, 65536> request;
    const auto warmUntil = Clock::now() + std::chrono::milliseconds(300);
    auto began = Clock::time_point();
    std::int64_t cpu = 0;
    std::int64_t done = 0;
    for (;;) {
        const int count = ::epoll_wait(poll, events.data(), events.size(), -1);
        const auto now = Clock::now();
        if (began == Clock::time_point() && now >= warmUntil) {
            began = now;
            cpu = threadCpu();
            done = 0;
        }
        if (began != Clock::time_point() && now - began >= std::chrono::seconds(1))
            break;
        for (int i = 0; i < count; ++i) {
            const int socket = events[static_cast<std::size_t>(i)].data.fd;
            if (::read(socket, request.data(), request.size()) <= 0
                || ::write(socket, answer.data(), answer.size()) < 0)
                die("exchange");
            ++done;
        }
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    const double spent = static_cast<double>(threadCpu() - cpu) / 1000.0;
    endLoad(child);
    for (const int socket : sockets)
        ::close(socket);
    ::close(poll);
    ::close(listener);
    return {static_cast<double>(done) / seconds, spent / static_cast<double>(done)};
}

} // namespace coldframe::bench
