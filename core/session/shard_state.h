#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/shard.h"

namespace coldframe::session {

/// What of a shard is kept in the journal.
struct ShardMarks {
    std::optional<std::string> position; ///< of the source: all before it is done; none: never run
    std::string window; ///< of windowText(); empty: there are no tumbling windows
};

/// A tumbling window between two runs: where it is, and the state of the open one.
struct KeptWindow {
    engine::Shard::WindowMark mark;
    std::string state = "{}"; ///< JSON
};
std::string windowText(const KeptWindow& window);
/// Nothing when it is none.
std::optional<KeptWindow> parseWindow(std::string_view text);

/// The members that an event has beside its records with a tumbling window, begun by a comma.
/// Source: Lambda developer guide, "Implementing stateful Kinesis Data Streams processing in
/// Lambda", read 2026-11.
std::string windowMembers(const engine::Shard::Window& window, const std::string& state,
                          const std::string& shardId, const std::string& arn);

inline constexpr std::size_t kAroundWindowState = 1024; ///< bytes of the other members at most
} // namespace coldframe::session
