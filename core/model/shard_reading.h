#pragma once

#include "model/json_reader.h"
#include "model/shard_rules.h"

namespace coldframe {

/// The keys that triggers over a stream have in common, as of a simulated stream; the caller
/// rejects the others. What is wrong is recorded in the reader's errors.
ShardRules readShardRules(JsonReader& in);

} // namespace coldframe
