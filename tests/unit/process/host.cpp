// An app to be killed: launches a tree under a reaper, says so, and runs until then.
//   process_host REAPER TOKEN TEMPORARY_FOLDER SCRIPT

#include <utility> // Boost 1.74's awaitable needs it first with GCC 12

#include <cstdio>
#include <string>

#include <boost/asio/io_context.hpp>

#include "process/host.h"
#include "process/launch.h"

using namespace coldframe::process;

int main(int argc, char** argv)
{
    if (argc != 5)
        return 2;
    setReaperPath(argv[1]);
    becomeSubreaper();
    boost::asio::io_context io;
    LaunchSpec spec;
    spec.argv = {"sh", "-c", argv[4]};
    spec.workingFolder = std::string(1, '/');
    spec.environment = {"PATH=/usr/bin:/bin"};
    spec.token = argv[2];
    spec.temporaryFolder = argv[3];
    ProcessCallbacks callbacks;
    callbacks.onOutput = [](Stream, std::string_view text) {
        std::fwrite(text.data(), 1, text.size(), stdout);
        std::fflush(stdout);
    };
    const auto process = launch(io, std::move(spec), std::move(callbacks));
    if (!process) {
        std::puts(coldframe::describe(process.error()).c_str());
        return 1;
    }
    io.run();
    return 0;
}
