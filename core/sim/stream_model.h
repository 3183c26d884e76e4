#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/shard_rules.h"
#include "sim/law.h"

namespace coldframe::sim {

/// A stream of records as a simulation sees it (a Stream is something else: of draws). Its records
/// go to one function, in batches, as engine::Shard decides for each of its shards.
struct StreamModel {
    std::string name;
    ShardRules rules;
    std::uint32_t shards = 1;
    /// Partition keys; 0: each record has one of its own. The n-th is as frequent as
    /// 1 / n^zipfExponent.
    std::uint32_t keys = 0;
    double zipfExponent = 0;
    std::optional<Law> perRecord; ///< added to an attempt's service for each of its records
    double recordFailureShare = 0; ///< of the records of a batch, each time anew
    double poisonShare = 0; ///< of all records: they fail each time

    std::uint64_t entity() const { return entityOf(name); }
};

} // namespace coldframe::sim
