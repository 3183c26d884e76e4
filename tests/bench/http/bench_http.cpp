// Requests a second and server CPU per request, beside what bare sockets reach in the same run.
//   bench_http [repeats]      prints the best of `repeats` (default 5) runs of one second each

#include "load.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility> // before Asio: Boost 1.74 uses std::exchange without including it

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/core.h>

#include "http/server.h"

namespace coldframe::bench {
namespace {

using Clock = std::chrono::steady_clock;

// As long as what the Runtime API sends with an invocation, and its answer to a response.
constexpr std::string_view kEventHeaders
    = "Content-Type: application/json\r\n"
      "Lambda-Runtime-Aws-Request-Id: 1d9f2c7e-0000-4000-8000-000000000011\r\n"
      "Lambda-Runtime-Deadline-Ms: 1772615707412\r\n"
      "Lambda-Runtime-Invoked-Function-Arn: "
      "arn:aws:lambda:eu-west-1:000000000000:function:upper\r\n"
      "Lambda-Runtime-Trace-Id: Root=1-69a7f51b-000000000000000000000001;Sampled=0\r\n";
constexpr std::string_view kAcceptedHeaders = "Content-Type: application/json\r\n";

const std::string kEvent(1024, 'e');

void serve(http::Request&& request, http::Responder responder)
{
    if (request.method == "GET")
        responder.respond(200, kEventHeaders, kEvent);
    else
        responder.respond(202, kAcceptedHeaders, "{\"status\":\"OK\"}\n");
}

std::vector<Exchange> exchanges()
{
    const std::string common = "Host: 127.0.0.1:9001\r\nUser-Agent: bench/1.0\r\nAccept: */*\r\n";
    const std::string id = "/2018-06-01/runtime/invocation/1d9f2c7e-0000-4000-8000-000000000011";
    Exchange get{"GET, 1 KB answer",
                 "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n" + common + "\r\n", 0};
    Exchange post{"POST 1 KB",
                  "POST " + id + "/response HTTP/1.1\r\n" + common
                      + "Content-Type: application/json\r\nContent-Length: 1024\r\n\r\n"
                      + std::string(1024, 'r'),
                  0};
    // "HTTP/1.1 200 OK", Date and Content-Length lines, the empty line.
    get.answerBytes = 17 + 37 + 22 + kEventHeaders.size() + 2 + kEvent.size();
    post.answerBytes = 23 + 37 + 20 + kAcceptedHeaders.size() + 2 + 16;
    return {get, post};
}

Measured measureServer(const Exchange& exchange, int connections)
{
    boost::asio::io_context io(1);
    std::int64_t done = 0;
    http::Callbacks callbacks;
    callbacks.handle = [&](http::Request&& request, http::Responder responder) {
        ++done;
        serve(std::move(request), std::move(responder));
    };
    auto server = http::Server::listen(io, {}, {}, std::move(callbacks));
    if (!server) {
        fmt::print(stderr, "{}\n", describe(server.error()));
        std::exit(1);
    }
    const pid_t child = startLoad((*server)->port(), exchange, connections);
    Measured measured;
    boost::asio::steady_timer timer(io, std::chrono::milliseconds(300));
    timer.async_wait([&](const boost::system::error_code&) {
        const std::int64_t first = done;
        const std::int64_t cpu = threadCpu();
        const auto began = Clock::now();
        timer.expires_after(std::chrono::seconds(1));
        timer.async_wait([&, first, cpu, began](const boost::system::error_code&) {
            const auto count = static_cast<double>(done - first);
            const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
            measured = {count / seconds, static_cast<double>(threadCpu() - cpu) / 1000.0 / count};
            (*server)->close();
            io.stop();
        });
    });
    io.run();
    endLoad(child);
    return measured;
}

Measured best(Measured a, Measured b)
{
    return {std::max(a.requestsPerSecond, b.requestsPerSecond),
            a.cpuMicroseconds == 0 ? b.cpuMicroseconds
                                   : std::min(a.cpuMicroseconds, b.cpuMicroseconds)};
}

} // namespace
} // namespace coldframe::bench

int main(int argc, char** argv)
{
    using namespace coldframe::bench;
    const int repeats = argc > 1 ? std::atoi(argv[1]) : 5;
    fmt::print("{:18} {:>5} {:>10} {:>9} {:>12} {:>9} {:>6}\n", "exchange", "conns", "server /s",
               "CPU us", "bare /s", "CPU us", "ratio");
    for (const Exchange& exchange : exchanges()) {
        for (const int connections : {1, 8, 32}) {
            Measured server;
            Measured bare;
            for (int i = 0; i < repeats; ++i) {
                server = best(server, measureServer(exchange, connections));
                bare = best(bare, measureBareSockets(exchange, connections));
            }
            fmt::print("{:18} {:5} {:10.0f} {:9.2f} {:12.0f} {:9.2f} {:6.2f}\n", exchange.name,
                       connections, server.requestsPerSecond, server.cpuMicroseconds,
                       bare.requestsPerSecond, bare.cpuMicroseconds,
                       server.cpuMicroseconds / bare.cpuMicroseconds);
        }
    }
}
