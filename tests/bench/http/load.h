#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <sys/types.h>

namespace coldframe::bench {

/// One kind of exchange: what the clients send, and how many bytes they wait for.
struct Exchange {
    std::string name;
    std::string request;
    std::size_t answerBytes = 0;
};

/// A child process with one thread that keeps `connections` exchanges under way until endLoad().
pid_t startLoad(std::uint16_t port, const Exchange& exchange, int connections);
void endLoad(pid_t child);

/// What a server's thread spent on what it answered.
struct Measured {
    double requestsPerSecond = 0;
    double cpuMicroseconds = 0; ///< per request, user and system
};

/// The least a server on sockets can do: an epoll loop that reads the request's bytes and writes as
/// many as the answer has, with no HTTP at all.
Measured measureBareSockets(const Exchange& exchange, int connections);

/// CPU time of the calling thread, in nanoseconds.
std::int64_t threadCpu();

} // namespace coldframe::bench
