#include <chrono>

#include "commands.h"
#include "console.h"
#include "init_text.h"
#include "session/resources.h"

namespace coldframe::commands {

namespace {

ExitCode refuse(const Error& error)
{
    say(error);
    return exitCodeOf(error);
}

} // namespace

ExitCode init(const InitOptions& options)
{
    const auto resources = session::findResources({});
    if (!resources)
        return refuse(resources.error());
    const auto plan
        = session::planBring(options.folder, *resources, std::chrono::system_clock::now());
    if (!plan)
        return refuse(plan.error());
    const auto written = session::bring(*plan);
    if (!written)
        return refuse(written.error());
    if (auto told = writeOut(options.json ? initJson(*plan, *written) : initText(*plan, *written));
        !told) {
        say(told.error());
        return ExitCode::OwnFault;
    }
    return ExitCode::Success;
}

} // namespace coldframe::commands
