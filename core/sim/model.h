#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cost/price_book.h"
#include "engine/configuration.h"
#include "engine/input.h"
#include "sim/arrivals.h"
#include "sim/backend.h"
#include "sim/figures.h"
#include "sim/law.h"
#include "sim/queue_model.h"
#include "sim/stream_model.h"

namespace coldframe::sim {

/// What a cold start adds.
struct ColdStart {
    enum class Mode : std::uint8_t {
        Added, ///< an init of this law, then the service: as AWS Lambda does it
        Replaced, ///< this law instead of the service: as simulators since SimFaaS do it
    };
    Mode mode = Mode::Added;
    Law law;
    std::int64_t sandboxNs = 0; ///< Added: before the init, not billed
};

/// A caller who is refused calls again, after pauses that double.
struct ClientRetry {
    std::uint32_t tries = 1; ///< in all
    double firstPauseS = 0.1, longestPauseS = 20;
    bool jitter = true; ///< each pause is drawn evenly from nothing to its length
};

/// What an attempt asks of a backend, again and again.
struct Visits {
    std::uint32_t backend = 0; ///< index into Model::backends
    Law service; ///< of one visit, at a server of its own
    std::uint32_t count = 1; ///< in each attempt; 1 or more
};

/// One function as a simulation sees it.
struct FunctionModel {
    std::string name;
    engine::FunctionRules rules; ///< a timeout of zero: none
    engine::Delivery delivery = engine::Delivery::Sync;
    ArrivalModel arrivals;
    Law service; ///< without visits; spent in equal parts before, between and after them
    std::vector<Visits> visits; ///< in order
    std::optional<QueueReader> reads; ///< what arrives are messages of that queue
    std::optional<std::uint32_t>
        stream; ///< index into Model::streams: what arrives are its records
    std::optional<ColdStart> coldStart; ///< none: a cold start costs no time
    double failureShare = 0; ///< of attempts that end in an error
    ClientRetry clientRetry;
    std::uint32_t primed = 0; ///< instances that are idle when the run begins
    cost::Architecture architecture = cost::Architecture::X86_64;

    std::uint64_t entity() const { return entityOf(name); }
    /// Its attempts are batches, for which is drawn when they are made.
    bool inBatches() const { return reads || stream; }
    /// `primed`, as far as the function's limits let them be.
    std::uint32_t allowedPrimed() const
    {
        const std::uint32_t most = std::min(primed, rules.maxInstances.value_or(primed));
        return std::min(most, rules.reserved.value_or(most));
    }
};

/// A whole simulation, resolved: nothing is looked up any more.
struct Model {
    engine::Platform platform;
    std::vector<FunctionModel> functions;
    std::vector<BackendRules> backends;
    std::vector<QueueModel> queues;
    std::vector<StreamModel> streams; ///< each of one function
    std::uint64_t seed = 1;
    Window window;
};

/// The seed of one of several replications.
constexpr std::uint64_t replicationSeed(std::uint64_t seed, std::uint64_t replication)
{
    return mixed(seed * kGamma + mixed(replication + kGamma));
}

} // namespace coldframe::sim
