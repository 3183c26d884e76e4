#pragma once

#include <optional>

#include "engine/configuration.h"
#include "model/error.h"

namespace coldframe::engine {

/// Why a platform's rules can be simulated but not run with real processes, nor a recording of such
/// a run played by them; nothing when they can. The error has neither file nor place.
std::optional<Error> onlySimulated(const Platform& platform);

} // namespace coldframe::engine
