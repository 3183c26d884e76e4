#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/configuration.h"
#include "engine/input.h"

// A recorded run, taken apart so that it can be played again under other rules: what came from
// outside, at its time, and what each thing the engine asked for led to, however long after.
namespace coldframe::sim {

/// What the engine asked for, and so what a chain of facts begins with.
enum class Trigger : std::uint8_t {
    Persist, ///< of an invocation
    Start, ///< of an instance, for an attempt
    Provision, ///< of an instance nobody waits for
    Restart, ///< of an instance whose init failed, within the attempt
    Work, ///< an event handed to an instance
};
inline constexpr std::size_t kTriggers = 5;

struct ChainKey {
    Trigger what = Trigger::Work;
    std::uint32_t of = 0; ///< recorded serial of the invocation; of Provision the function
    std::uint32_t nth = 0; ///< attempt from 1; of Provision counted from 0; of Persist 0
    constexpr auto operator<=>(const ChainKey&) const = default;
};

/// A fact that followed.
struct ScriptStep {
    Duration after{}; ///< the trigger
    std::uint64_t row = 0; ///< in the recording: order among facts of one instant
    engine::Input input;
};

/// Everything that followed one trigger, until the next one of the same instance.
struct Chain {
    static constexpr std::uint32_t kOpen = 0xffff'ffff;

    ChainKey key;
    FunctionId function = 0;
    std::uint32_t first = 0, count = 0; ///< in Script::steps
    /// The step that answers the trigger. kOpen: nobody knows how long it would have taken, only
    /// that it was longer than `known`: a timeout, a user or the recording's end came before.
    std::uint32_t ending = kOpen;
    Duration known{};
    std::uint32_t memoryMb = 0; ///< the instance's
    bool cold = false; ///< of Work: on a new instance
    bool disturbed = false; ///< by the desk or a debugger, as the engine says: a poor sample
    bool whole = false; ///< answered or timed out: not cut off by a user or the recording's end

    bool answered() const { return ending != kOpen; }
};

/// What came from outside.
struct Told {
    TimePoint at{};
    std::uint64_t row = 0;
    engine::Input input; ///< with ids as recorded
    std::uint32_t serial = 0; ///< of Arrived: the invocation's
};

struct Script {
    std::vector<std::string> names; ///< of functions; those that came later may be missing
    std::vector<engine::Configuration> configurations; ///< by revision
    std::vector<std::byte> state; ///< the engine's at the beginning; empty: new
    std::uint32_t firstSerial = 1; ///< of invocations that arrive; older ones are in the state
    TimePoint begin{}, end{};
    bool settled = false; ///< at the end nothing was under way
    std::uint64_t rows = 0;
    std::vector<Told> told; ///< by row
    std::vector<Chain> chains; ///< by key
    std::vector<ScriptStep> steps;

    const Chain* find(const ChainKey& key) const
    {
        const auto at = std::ranges::lower_bound(chains, key, {}, &Chain::key);
        return at != chains.end() && at->key == key ? &*at : nullptr;
    }
    Duration endingAfter(const Chain& chain) const { return steps[chain.ending].after; }
    std::string nameOf(FunctionId function) const
    {
        return function < names.size() ? names[function] : "#" + std::to_string(function);
    }
};

} // namespace coldframe::sim
