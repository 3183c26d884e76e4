#include "live/debug.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "process/unique_fd.h"

namespace coldframe::live {

namespace {
constexpr int kTries = 200;
}

std::uint16_t usualPort(Debugger debugger)
{
    switch (debugger) {
    case Debugger::Debugpy:
        return 5678;
    case Debugger::Inspector:
        return 9229;
    case Debugger::Gdbserver:
        return 2345;
    case Debugger::None:
        break;
    }
    return 0;
}

std::uint16_t freePort(std::uint16_t first)
{
    for (int port = first; port < first + kTries && port <= 0xffff; ++port) {
        const process::UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        // As the debuggers do: a port that has just been let go can be had again.
        const int yes = 1;
        setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0
            && listen(socket.get(), 1) == 0)
            return static_cast<std::uint16_t>(port);
    }
    return first;
}

} // namespace coldframe::live
