#pragma once

#include <cstdint>
#include <vector>

#include "sim/stream_model.h"

namespace coldframe::sim {

/// Which partition key a record has, and where that lies.
class StreamKeys {
public:
    StreamKeys(const StreamModel& model, std::uint64_t seed);

    /// Hash of the key of the stream's `record`-th, from 0.
    std::uint64_t hashOf(std::uint64_t record) const;
    /// Shards have equal parts of the range of hashes, as in Kinesis.
    std::uint32_t shardOf(std::uint64_t hash) const;

private:
    std::uint64_t keyOf(std::uint64_t record) const;

    std::uint32_t m_keys, m_shards;
    Stream m_choice, m_hashes;
    std::vector<double> m_upTo; ///< by key: its weight and those before it; empty: all alike
};

} // namespace coldframe::sim
