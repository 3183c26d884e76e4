#include "exit_code.h"

namespace coldframe::commands {

ExitCode exitCodeOf(const Error& error)
{
    return error.code == Error::Code::Io ? ExitCode::OwnFault : ExitCode::BadInput;
}

ExitCode exitCodeOf(std::uint64_t failed, Money cost, const RunLimits& limits)
{
    if (limits.maxErrors && failed > *limits.maxErrors)
        return ExitCode::Failed;
    if (limits.maxCost && cost > *limits.maxCost)
        return ExitCode::Failed;
    return ExitCode::Success;
}

} // namespace coldframe::commands
