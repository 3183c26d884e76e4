#pragma once

#include "session/table_reader.h"

// Inside of table_reader. Not for others.
namespace coldframe::session {

/// One trigger's place.
class TableReader::Entry {
public:
    explicit Entry(Taker given) : taker(std::move(given)) { }

    const Taker taker;

    // Of the reader's mutex
    bool started = false;
    bool fresh = false; ///< started since the thread last looked
    engine::Shard::Room room{};
    std::size_t mostBytes = 0;
    std::optional<TablePosition> done; ///< nothing: it holds nothing back

    // Of the reader's thread
    bool known = false; ///< its marks were read
    bool opened = false; ///< it has a place
    bool lagging = true; ///< the cursor may be past its place
    bool looked = false; ///< it has been told of a look since it was started
    TablePosition got{}; ///< handed out
    bool toldMore = true; ///< that there is more
    std::string told; ///< the position it was told last
    std::chrono::steady_clock::time_point toldAt{};
    engine::Shard::Room left{}; ///< of what it has room for, as the thread saw it last
    std::size_t most = 0;
    bool wants = false; ///< started, with room
    bool full = false; ///< started, without any
};

} // namespace coldframe::session
