#include "exit_code.h"

#include <fmt/format.h>

#include "amount_text.h"

namespace coldframe::commands {

ExitCode exitCodeOf(const Error& error)
{
    return error.code == Error::Code::Io ? ExitCode::OwnFault : ExitCode::BadInput;
}

std::vector<PassedLimit> passedLimits(std::uint64_t failed, Money cost, const RunLimits& limits)
{
    std::vector<PassedLimit> passed;
    if (limits.maxErrors && failed > *limits.maxErrors)
        passed.push_back(
            {"--max-errors",
             fmt::format("{} invocation{} failed for good; --max-errors allows {}",
                         countText(failed), failed == 1 ? "" : "s", countText(*limits.maxErrors))});
    if (limits.maxCost && cost > *limits.maxCost)
        passed.push_back({"--max-cost",
                          fmt::format("the estimated bill is {} USD; --max-cost allows {}",
                                      usdText(cost), usdText(*limits.maxCost))});
    return passed;
}

} // namespace coldframe::commands
