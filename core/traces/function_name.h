#pragma once

#include <cstdint>
#include <string_view>

#include "sim/stream.h"

namespace coldframe::traces {

/// Who a row of a trace is about. The texts lie in the file that was read.
struct FunctionName {
    std::string_view owner, app, function;

    bool operator==(const FunctionName&) const = default;
    /// What its draws and its place in ties come from: the same in whatever row it stands.
    std::uint64_t entity() const
    {
        constexpr std::uint64_t kOdd = 0x100000001b3U;
        return sim::mixed(sim::entityOf(function) + kOdd * sim::entityOf(app)
                          + kOdd * kOdd * sim::entityOf(owner));
    }
};

struct FunctionNameHash {
    std::size_t operator()(const FunctionName& name) const
    {
        return static_cast<std::size_t>(name.entity());
    }
};

} // namespace coldframe::traces
