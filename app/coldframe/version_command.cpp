#include "commands.h"
#include "console.h"

namespace coldframe::commands {

ExitCode version(bool json)
{
    const auto written
        = writeOut(json ? "{\"name\":\"coldframe\",\"version\":\"" COLDFRAME_VERSION "\"}\n"
                        : "coldframe " COLDFRAME_VERSION "\n");
    return written ? ExitCode::Success : ExitCode::OwnFault;
}

} // namespace coldframe::commands
