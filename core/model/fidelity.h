#pragma once

#include <cstdint>
#include <string_view>

namespace coldframe {

/// What this machine gives a function while it works.
enum class Fidelity : std::uint8_t {
    Desk, ///< all it has: platform time is modelled from what was measured
    Platform, ///< the platform's share of a core, and its time to make a sandbox, really waited
};

/// As the workspace file writes it.
constexpr std::string_view nameOf(Fidelity fidelity)
{
    return fidelity == Fidelity::Platform ? "platform" : "desk";
}

} // namespace coldframe
