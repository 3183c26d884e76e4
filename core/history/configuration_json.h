#pragma once

#include <string>
#include <string_view>

#include "engine/configuration.h"
#include "model/error.h"

namespace coldframe::history {

/// The configuration as one line of JSON; durations in nanoseconds.
std::string toJson(const engine::Configuration& configuration);

/// Exactly the configuration that gave this text, to the last bit of its numbers. Errors: not JSON,
/// a key missing or unknown, a number of the wrong kind.
Result<engine::Configuration> configurationFromJson(std::string_view text);

} // namespace coldframe::history
