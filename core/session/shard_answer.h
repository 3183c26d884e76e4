#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/shard.h"

namespace coldframe::session {

inline constexpr std::size_t kMaxWindowState = 1u << 20; ///< bytes; beyond, the window ends early

/// What is looked for in the answer of a function that has not failed.
struct ShardQuestion {
    bool state = false; ///< there is a tumbling window
    std::size_t mostStateBytes = kMaxWindowState; ///< that can be handed on at all
    bool failures = false; ///< it may say which records failed
    std::vector<std::string> sequences; ///< of the records
};

/// What the answer means for its batch.
struct ShardAnswer {
    engine::Shard::Answer answer;
    std::optional<std::string> state; ///< for the next invocation, JSON; none: the one there was
    std::string problem; ///< why the whole batch has failed, for a person
};

/// With a window the answer must be an object with a `state`, else the invocation has failed, as on
/// the platform; so has one whose state could not be handed on. `batchItemFailures` is read as
/// readBatchAnswer() says; the first of the records that are named decides.
/// Source: Lambda developer guide, "Implementing stateful Kinesis Data Streams processing in
/// Lambda", "Configuring partial batch response with Kinesis Data Streams", read 2026-11.
ShardAnswer readShardAnswer(std::string_view text, const ShardQuestion& question);

} // namespace coldframe::session
