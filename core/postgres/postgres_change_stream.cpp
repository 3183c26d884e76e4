#include "postgres/postgres_change_stream.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "changes/table_shape.h"

namespace coldframe::postgres {

using changes::CapturePlan;
using changes::CaptureState;
using changes::ChangeBatch;
using changes::quotedName;

namespace {

constexpr int kPresses = 20; ///< requests for an answer, in so little time
constexpr auto kPressesWithin = std::chrono::seconds(2);

void appendNumber(std::string& bytes, std::int64_t number)
{
    const auto value = static_cast<std::uint64_t>(number);
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>(value >> shift & 0xff);
}

std::int64_t numberAt(std::string_view bytes, std::size_t at)
{
    std::uint64_t value = 0;
    for (const char c : bytes.substr(at, 8))
        value = value << 8 | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(value);
}

/// Microseconds since 2000, as the server likes to know when we spoke.
std::int64_t postgresNow()
{
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now() - sys_days(year(2000) / 1 / 1)).count();
}

std::size_t bytesOf(const sources::Row& row)
{
    std::size_t bytes = 0;
    for (const sources::RowValue& value : row)
        if (const auto* text = std::get_if<std::string>(&value))
            bytes += text->size();
        else if (const auto* blob = std::get_if<sources::Blob>(&value))
            bytes += blob->bytes.size();
    return bytes;
}

} // namespace

Result<ServerState> PostgresChangeStream::look(Connection& connection)
{
    Result<Connection> made = connect(m_options.connection, ConnectionKind::Ordinary);
    if (!made)
        return tl::unexpected(made.error());
    connection = std::move(*made);
    return readServerState(connection.get(), m_options.names);
}

Result<CaptureState> PostgresChangeStream::inspect()
{
    Connection connection;
    const Result<ServerState> state = look(connection);
    if (!state)
        return tl::unexpected(state.error());
    CaptureState judged = judgeCapture(*state, m_options.names);
    if (judged.kind == CaptureState::Kind::Absent)
        if (const Result<void> fine = checkServer(*state, m_options.names); !fine)
            return tl::unexpected(fine.error());
    return judged;
}

Result<CapturePlan> PostgresChangeStream::planInstall()
{
    Connection connection;
    const Result<ServerState> state = look(connection);
    if (!state)
        return tl::unexpected(state.error());
    if (const Result<void> fine = checkServer(*state, m_options.names); !fine)
        return tl::unexpected(fine.error());
    return postgres::planInstall(*state, m_options.names);
}

Result<CapturePlan> PostgresChangeStream::planRemoval()
{
    Connection connection;
    const Result<ServerState> state = look(connection);
    if (!state)
        return tl::unexpected(state.error());
    return postgres::planRemoval(*state, m_options.names);
}

Result<void> PostgresChangeStream::carryOut(const CapturePlan& agreed, bool removal)
{
    const Result<CapturePlan> now = removal ? planRemoval() : planInstall();
    if (!now)
        return tl::unexpected(now.error());
    if (now->statements != agreed.statements)
        return tl::unexpected(
            Error{.code = Error::Code::Conflict,
                  .message = fmt::format("the database has changed since the plan for {} was made",
                                         quotedName(m_options.names.table)),
                  .hint = "look at the new plan and agree to that one"});
    m_stream.reset(); // a slot that is read cannot be dropped
    const Result<Connection> connection = connect(m_options.connection, ConnectionKind::Ordinary);
    if (!connection)
        return tl::unexpected(connection.error());
    // A lock, or transactions that a new slot waits for, may take their time; the server ends it
    // first, so that nothing comes about that nobody expects any more.
    if (const auto set = query(connection->get(), "SET statement_timeout = '55s'"); !set)
        return tl::unexpected(set.error());
    for (const std::string& statement : agreed.statements)
        if (const auto done
            = query(connection->get(), statement, {.most = std::chrono::seconds(60)});
            !done) {
            Error error = done.error();
            error.message += " (in: " + statement + ")";
            return tl::unexpected(std::move(error));
        }
    return {};
}

Result<void> PostgresChangeStream::install(const CapturePlan& agreed)
{
    return carryOut(agreed, false);
}

Result<void> PostgresChangeStream::remove(const CapturePlan& agreed)
{
    return carryOut(agreed, true);
}

int PostgresChangeStream::descriptor() const
{
    return m_stream ? PQsocket(m_stream.get()) : -1;
}

Result<void> PostgresChangeStream::start(std::int64_t after)
{
    m_stream.reset();
    Result<Connection> made = connect(m_options.connection, ConnectionKind::Replication);
    if (!made)
        return tl::unexpected(made.error());
    const Result<ServerState> state = readServerState(made->get(), m_options.names);
    if (!state)
        return tl::unexpected(state.error());
    std::set<std::string> keys;
    if (state->table)
        keys.insert(state->table->key.begin(), state->table->key.end());
    const Result<Rows> end
        = query(made->get(), "SELECT pg_current_wal_flush_lsn(), pg_current_wal_insert_lsn()");
    if (!end)
        return tl::unexpected(end.error());
    m_sent = lsnOf(end->text(0, 0));
    // A server that was made anew begins with lower numbers, and would tell nothing for long.
    // latest() may be past what is flushed, and so past what is sent.
    m_rewound = after > lsnOf(end->text(0, 1));
    if (m_rewound)
        after = 0;
    const std::string name = m_options.names.slot();
    const std::string command
        = fmt::format("START_REPLICATION SLOT {0} LOGICAL {1} (proto_version '1', "
                      "publication_names '{0}')",
                      quotedName(name), lsnText(after));
    const Result<Answer> answer = ask(made->get(), command);
    if (!answer)
        return tl::unexpected(answer.error());
    if (PQresultStatus(answer->get()) != PGRES_COPY_BOTH)
        return tl::unexpected(problemOf(made->get(), answer->get()));
    m_stream = std::move(*made);
    m_output.emplace(std::move(keys));
    m_since = state->since();
    m_position = m_received = after;
    // What was safe on a server that is no longer this one would let go what nobody has seen.
    m_safe = std::max(std::min(m_safe, after), state->slot ? state->slot->confirmed : 0);
    m_quiet = 0;
    m_truncationsTold = 0;
    return tellServer();
}

/// The connection is given up; the next read() makes another one.
Error PostgresChangeStream::lost()
{
    const Answer result(PQgetResult(m_stream.get()));
    Error error = problemOf(m_stream.get(), result.get());
    if (!result || PQresultStatus(result.get()) != PGRES_FATAL_ERROR) {
        error.code = Error::Code::Unavailable;
        error.message = "the server has ended the connection";
        error.hint = "it is connected again as soon as the server is there; nothing is lost";
    }
    m_stream.reset();
    return error;
}

/// A server that stops in good order first waits until all that it has sent is confirmed, and asks
/// for that again with each answer; else it asks once in half a minute. What is not done yet may
/// take for ever, so it is let go. Source: WalSndDone() in PostgreSQL 15.
bool PostgresChangeStream::presses(std::chrono::steady_clock::time_point now)
{
    if (now - m_pressedSince > kPressesWithin) {
        m_pressedSince = now;
        m_pressed = 0;
    }
    return ++m_pressed >= kPresses;
}

Result<void> PostgresChangeStream::tellServer()
{
    std::string status = "r";
    for (const std::int64_t number : {std::max(m_received, m_safe), m_safe, m_safe, postgresNow()})
        appendNumber(status, number);
    status += '\0'; // no answer is needed
    if (PQputCopyData(m_stream.get(), status.data(), static_cast<int>(status.size())) != 1
        || PQflush(m_stream.get()) != 0)
        return tl::unexpected(lost());
    return {};
}

/// All that was given out is safe, and up to the server's last sign of life nothing else concerned
/// us: its log may go, though the table is quiet and others are not.
void PostgresChangeStream::advanceWhenQuiet()
{
    if (!m_output->inTransaction() && m_safe >= std::max(m_position, m_output->committed()))
        m_safe = std::max(m_safe, m_quiet);
}

Result<std::int64_t> PostgresChangeStream::latest()
{
    const Result<Connection> connection = connect(m_options.connection, ConnectionKind::Ordinary);
    if (!connection)
        return tl::unexpected(connection.error());
    const Result<Rows> end = query(connection->get(), "SELECT pg_current_wal_insert_lsn()");
    if (!end)
        return tl::unexpected(end.error());
    return lsnOf(end->text(0, 0)) - 1;
}

Result<void> PostgresChangeStream::forget(std::int64_t upTo)
{
    m_safe = std::max(m_safe, std::min(upTo, m_position));
    if (!m_stream)
        return {};
    advanceWhenQuiet();
    return tellServer();
}

Result<void> PostgresChangeStream::handle(std::string_view message,
                                          std::vector<sources::RowChange>& changes)
{
    constexpr std::size_t kDataHeader = 25, kKeepAlive = 18;
    if (message.starts_with('w') && message.size() >= kDataHeader) {
        m_received = std::max(m_received, numberAt(message, 9));
        return m_output->take(message.substr(kDataHeader), changes);
    }
    if (message.starts_with('k') && message.size() >= kKeepAlive) {
        const std::int64_t end = numberAt(message, 1);
        m_received = std::max(m_received, end);
        m_quiet = end;
        advanceWhenQuiet();
        if (message[17] == 0)
            return {};
        if (presses(std::chrono::steady_clock::now()))
            return tl::unexpected(Error{.code = Error::Code::Unavailable,
                                        .message = "the server is being stopped, and waits for "
                                                   "changes that are not done yet",
                                        .hint = "it is let go, and keeps them; it is connected "
                                                "again as soon as it is there",
                                        .file = placeOf(m_stream.get())});
        return tellServer();
    }
    return tl::unexpected(Error{.code = Error::Code::Malformed,
                                .message = "the server sent what no replication protocol knows",
                                .file = placeOf(m_stream.get())});
}

/// False when nothing has come.
Result<bool> PostgresChangeStream::takeMessage(std::vector<sources::RowChange>& changes)
{
    char* bytes = nullptr;
    int size = PQgetCopyData(m_stream.get(), &bytes, 1);
    if (size == 0) {
        if (PQconsumeInput(m_stream.get()) == 0)
            return tl::unexpected(lost());
        size = PQgetCopyData(m_stream.get(), &bytes, 1);
    }
    if (size == 0)
        return false;
    if (size < 0)
        return tl::unexpected(lost());
    const std::unique_ptr<char, decltype(&PQfreemem)> owner(bytes, &PQfreemem);
    const Result<void> done = handle({bytes, static_cast<std::size_t>(size)}, changes);
    if (done)
        return true;
    m_stream.reset();
    return tl::unexpected(done.error());
}

Result<ChangeBatch> PostgresChangeStream::read(std::int64_t after, changes::ReadLimit limit)
{
    if (!m_stream || after != m_position)
        if (const Result<void> started = start(after); !started)
            return tl::unexpected(started.error());
    ChangeBatch batch{.since = m_since, .rewound = std::exchange(m_rewound, false)};
    batch.state = {.kind = CaptureState::Kind::Ready, .owner = m_options.names.owner};
    limit.changes = std::max<std::size_t>(limit.changes, 1);
    std::size_t bytes = 0;
    while (batch.changes.size() < limit.changes && bytes < limit.bytes) {
        const std::size_t before = batch.changes.size();
        const Result<bool> came = takeMessage(batch.changes);
        if (!came)
            return tl::unexpected(came.error());
        if (!*came)
            break;
        for (std::size_t i = before; i < batch.changes.size(); ++i) {
            batch.changes[i].since = m_since;
            bytes += bytesOf(batch.changes[i].oldRow) + bytesOf(batch.changes[i].newRow);
        }
    }
    // What had been committed before the stream began is on its way until the server has said so.
    batch.more = batch.changes.size() >= limit.changes || bytes >= limit.bytes
        || std::max(m_received, m_quiet) < m_sent;
    m_position = std::max(m_position, m_output->committed());
    batch.position = m_position;
    if (const std::size_t truncated = m_output->truncations(); truncated > m_truncationsTold) {
        m_truncationsTold = truncated;
        batch.notices.push_back("the table was emptied by TRUNCATE, which does not tell its rows");
    }
    return batch;
}

} // namespace coldframe::postgres
