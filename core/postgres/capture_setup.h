#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "changes/capture.h"
#include "model/time.h"
#include "postgres/connection.h"

namespace coldframe::postgres {

/// Whose changes, and for whom.
struct CaptureNames {
    std::string schema; ///< empty: found by the search path
    std::string table;
    std::string owner; ///< a workspace's folder, or another state folder: each has its own slot

    /// Of slot and publication alike: `coldframe_orders_1a2b3c4d`.
    std::string slot() const;
};

/// What the server says about one table's capture.
struct ServerState {
    struct Table {
        std::string schema, name;
        char kind = 'r'; ///< pg_class.relkind
        char persistence = 'p'; ///< pg_class.relpersistence
        char identity = 'd'; ///< pg_class.relreplident
        std::vector<std::string> key; ///< columns of the primary key
        std::string quoted() const;
    };
    struct Slot {
        std::string plugin, database, walStatus;
        std::int64_t unreadBytes = 0; ///< of the server's log since what was read last
        std::int64_t confirmed = 0; ///< a place in the log: nothing before is told any more
    };
    std::string walLevel, role, database;
    bool mayReplicate = false;
    std::optional<Table> table;
    bool publication = false, published = false; ///< it exists; the table is in it
    std::string renamedTo; ///< a table that is in it instead: ours had this name before
    std::string note; ///< the publication's comment, see planInstall()
    std::vector<std::string> othersNotes; ///< comments of other owners' publications of this table
    std::optional<Slot> slot;

    TimePoint since() const; ///< when the capture was installed; the epoch where it is not known
};

/// Conflict for a server that is too old to be asked, by libpq's number: 150018 is 15.18.
Result<void> checkVersion(int version);

/// Errors: also those of checkVersion().
Result<ServerState> readServerState(PGconn* connection, const CaptureNames& names);

/// Why this table cannot be captured here at all, if so: Missing, Conflict.
Result<void> checkServer(const ServerState& state, const CaptureNames& names);

changes::CaptureState judgeCapture(const ServerState& state, const CaptureNames& names);

/// A publication for the table, a slot, and REPLICA IDENTITY FULL, without which the old row is
/// told only as its key, and only when that is changed. What the identity was is noted in the
/// publication's comment, so that the removal of the last owner's puts it back; and when that was.
changes::CapturePlan planInstall(const ServerState& state, const CaptureNames& names);
changes::CapturePlan planRemoval(const ServerState& state, const CaptureNames& names);

} // namespace coldframe::postgres
