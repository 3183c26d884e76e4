#include <csignal>
#include <exception>
#include <string>

#include "commands.h"
#include "console.h"
#include "process/host.h"

int main(int argc, char** argv)
{
    using namespace coldframe;
    // Before any thread: what threads and instances inherit.
    process::becomeSubreaper();
    process::raiseFileLimit();
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return static_cast<int>(commands::execute(argc, argv));
    } catch (const std::exception& fault) {
        commands::say(std::string("coldframe: internal error: ") + fault.what()
                      + "; please report it with the command line you used");
        return static_cast<int>(commands::ExitCode::OwnFault);
    }
}
