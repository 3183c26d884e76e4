#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <vector>

#include "engine/action.h"
#include "sim/model.h"
#include "sim/queue_figures.h"
#include "sim/stream_feed.h"

namespace coldframe::sim {

struct EngineRunOptions {
    std::stop_token stop{};
    /// Called now and then with the virtual time reached.
    std::function<void(std::int64_t)> onProgress{};
    /// Called for every input and what the engine answered, and with a Tick for what it did by
    /// itself; costs time.
    std::function<void(TimePoint, const engine::Input&, std::span<const engine::Action>)> onStep{};
    ShardWatch onShard{}; ///< called for what happens in the shards of streams; likewise
};

struct SystemFigures {
    std::vector<Figures> functions; ///< in the model's order
    std::vector<BackendFigures> backends; ///< likewise
    std::vector<QueueFigures> queues; ///< likewise
    std::vector<StreamFigures> streams; ///< likewise
    bool operator==(const SystemFigures&) const = default;
};

/// All functions, backends, queues and streams of a model together, in virtual time: the engine
/// that also runs the live pool decides; starts and attempts take as long as their laws and the
/// backends say.
///
/// At one instant what ends comes before what arrives, and both before the engine's deadlines.
/// Stops early, with what has been counted so far, when asked to.
SystemFigures simulateSystem(const Model& model, std::uint64_t seed,
                             const EngineRunOptions& options = {});
/// The functions' part of it: one Figures a function.
std::vector<Figures> simulateEngine(const Model& model, std::uint64_t seed,
                                    const EngineRunOptions& options = {});

} // namespace coldframe::sim
