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

/// Index of a queue in the configuration, likewise of functions.
using QueueId = std::uint32_t;
inline constexpr QueueId kNoQueue = 0xffff'ffff;

/// Index of an event source mapping (a queue read for a function) in the configuration.
using MappingId = std::uint32_t;

/// Names one message, whichever queue it lies in: it keeps the name when it moves to another.
struct MessageId {
    std::uint32_t slot = 0;
    std::uint32_t serial = 0; ///< 0: none
    constexpr auto operator<=>(const MessageId&) const = default;
};

} // namespace coldframe
