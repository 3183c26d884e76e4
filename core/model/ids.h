#pragma once

#include <compare>
#include <cstdint>

namespace coldframe {

/// Index of a function in the configuration, in the order of the workspace file.
using FunctionId = std::uint32_t;
inline constexpr FunctionId kNoFunction = 0xffff'ffff;

/// Names one execution environment. `slot` is where the engine keeps it and is reused; `serial`
/// counts from 1 and never is, so a late message about a retired instance is recognised.
struct InstanceId {
    std::uint32_t slot = 0;
    std::uint32_t serial = 0; ///< 0: none
    constexpr auto operator<=>(const InstanceId&) const = default;
};

/// Names one invocation, likewise.
struct InvocationId {
    std::uint32_t slot = 0;
    std::uint32_t serial = 0; ///< 0: none
    constexpr auto operator<=>(const InvocationId&) const = default;
};

} // namespace coldframe
