#include "engine/live_rules.h"

#include <fmt/format.h>

namespace coldframe::engine {

std::optional<Error> onlySimulated(const Platform& platform)
{
    const auto because = [&](std::string_view reason) {
        return Error{Error::Code::Unavailable,
                     fmt::format("{} can be simulated only: {}", platform.title, reason),
                     fmt::format("use a platform such as \"aws-lambda-x86_64\" here, and \"{}\" in "
                                 "a scenario",
                                 platform.id),
                     {},
                     {}};
    };
    if (platform.scaling.byTimer())
        return because("a timer decides there how many instances there are");
    if (platform.instanceConcurrency != 1)
        return because("an instance serves several requests at once there");
    if (platform.saturation.policy != Saturation::Policy::Reject)
        return because("calls wait there when there is no room");
    if (platform.maxInstances)
        return because("it has a most number of instances of a function");
    if (platform.priceBook.empty() || !platform.attemptsBilled)
        return because("there are no prices for it");
    return std::nullopt;
}

} // namespace coldframe::engine
