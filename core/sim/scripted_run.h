#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/action.h"
#include "sim/run_book.h"
#include "sim/script.h"

namespace coldframe::sim {

struct ScriptedRunOptions {
    std::vector<engine::Configuration> configurations; ///< instead of the recorded ones, as many
    bool changed = false; ///< they are others than the recorded ones
    double rateFactor = 1; ///< of arrivals: see plan()
    std::uint64_t seed = 1; ///< of what is drawn
    RunPrices prices;
    Duration step{}; ///< of the series; zero: none
    std::stop_token stop{};
    std::function<void(TimePoint)> onProgress{}; ///< now and then
    /// What the engine asked for, at its own time; in order.
    std::function<void(TimePoint, std::span<const engine::Action>)> onActions{};
};

/// Where the times of inits and attempts came from.
struct Origins {
    std::uint64_t taken = 0; ///< recorded for this attempt of this invocation
    std::uint64_t drawn = 0; ///< from the function's recorded ones
    std::uint64_t assumed = 0; ///< no time at all: the function has no recorded one

    std::uint64_t all() const { return taken + drawn + assumed; }
    double drawnShare() const
    {
        return all() == 0 ? 0 : static_cast<double>(drawn + assumed) / static_cast<double>(all());
    }
};

struct ScriptedResult {
    RunBook::Result figures;
    std::vector<Origins> origins; ///< by FunctionId
    Origins allOrigins;
    TimePoint end{}; ///< of the run: the recording's, or when the last event had ended
    bool stopped = false; ///< before its end, when asked to
};

/// Plays a script again on a virtual clock: the engine that also runs the live pool decides; how
/// long things take is what was recorded for the same attempt of the same invocation, and where
/// nothing was, a seeded draw from the function's recorded ones.
///
/// With the recorded configurations it gives the recorded actions to the last bit. When the
/// recording ended with nothing under way, so does this run, however much later.
ScriptedResult runScript(const Script& script, const ScriptedRunOptions& options);

} // namespace coldframe::sim
