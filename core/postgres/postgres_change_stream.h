#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "changes/capture.h"
#include "postgres/capture_setup.h"
#include "postgres/connection.h"
#include "postgres/pgoutput.h"

namespace coldframe::postgres {

struct ChangeStreamOptions {
    std::string connection; ///< URI or `key=value` pairs, as libpq takes them
    CaptureNames names;
};

/// The changes of one table of a PostgreSQL database, from a logical replication slot.
///
/// The slot is the queue: the server keeps its log until forget() has said that the changes in it
/// are safe, over restarts of either side. A transaction comes whole after its commit, in the order
/// of commits. The position is the caller's; it may be kept beside the events it has made durable.
///
/// Nothing is installed or removed but by install() and remove(), which do exactly what the plan
/// says that somebody has agreed to.
///
/// Used by one thread at a time; it has none of its own. What connects blocks, for seconds when the
/// server is not there; read() and forget() over a connection that stands do not.
class PostgresChangeStream {
public:
    explicit PostgresChangeStream(ChangeStreamOptions options) : m_options(std::move(options)) { }

    /// Errors: those of connect(); Conflict for a server with another wal_level, a role without
    /// replication, a view, an unlogged or partitioned table; Missing for no table — these when
    /// nothing is installed, else they are reasons of the state.
    Result<changes::CaptureState> inspect();
    Result<changes::CapturePlan> planInstall();
    Result<changes::CapturePlan> planRemoval();
    /// Conflict when the plan would be another one now. A slot cannot be made in a transaction:
    /// when a step fails those before it stay, and the next plan holds what is left.
    Result<void> install(const changes::CapturePlan& agreed);
    Result<void> remove(const changes::CapturePlan& agreed);

    /// What has come of the changes after that position (0: all that the slot holds), oldest first;
    /// nothing when nothing has. Connects when it must, and again when the position is not the one
    /// it last gave. A large transaction comes in several batches, and the position moves past it
    /// with the last of them: interrupted, it comes again from its first change.
    /// Errors: those of connect(); Unavailable when the server went away: call again. Missing when
    /// slot or publication are.
    Result<changes::ChangeBatch> read(std::int64_t after, changes::ReadLimit limit = {});

    /// A number that all transactions committed until now are below. Connects for it.
    Result<std::int64_t> latest();

    /// Lets the server throw away its log up to that position. Reading after a position does not
    /// say that it is safe: a caller that begins again with one it has kept says so here. Without a
    /// connection it is told with the next one.
    Result<void> forget(std::int64_t upTo);

    /// Readable when read() has something to do, also to answer the server, which otherwise takes
    /// us for dead (wal_sender_timeout). -1 without a connection; another one after a reconnection.
    int descriptor() const;

private:
    Result<ServerState> look(Connection& connection);
    Result<changes::CapturePlan> plan(bool removal);
    Result<void> carryOut(const changes::CapturePlan& agreed, bool removal);
    Result<void> start(std::int64_t after);
    Result<bool> takeMessage(std::vector<sources::RowChange>& changes);
    Result<void> handle(std::string_view message, std::vector<sources::RowChange>& changes);
    void advanceWhenQuiet();
    Result<void> tellServer();
    bool presses(std::chrono::steady_clock::time_point now);
    Error lost();

    ChangeStreamOptions m_options;
    Connection m_stream;
    std::optional<PgOutput> m_output;
    TimePoint m_since{}; ///< when the capture was installed
    std::int64_t m_position = 0; ///< last given to the caller
    std::int64_t m_received = 0; ///< where the server says its log has been sent to
    std::int64_t m_sent = 0; ///< where the log ended when the stream began: what was there before
    bool m_rewound = false; ///< to be told with the next batch
    std::int64_t m_quiet = 0; ///< where it was when it last said that there is nothing new
    std::int64_t m_safe = 0; ///< what the server need not keep
    std::size_t m_truncationsTold = 0;
    std::chrono::steady_clock::time_point m_pressedSince{};
    int m_pressed = 0; ///< times it asked for an answer since then
};

} // namespace coldframe::postgres
