#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <libpq-fe.h>

#include "postgres/answer.h"

// Owners for libpq's handles, and what its failures mean to a user.
namespace coldframe::postgres {

struct CloseConnection {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Connection = std::unique_ptr<PGconn, CloseConnection>;

/// What a query answered.
class Rows {
public:
    explicit Rows(Answer result) : m_result(std::move(result)) { }
    int count() const { return PQntuples(m_result.get()); }
    /// Empty for NULL, too.
    std::string text(int row, int column) const { return PQgetvalue(m_result.get(), row, column); }
    bool isTrue(int row, int column) const { return text(row, column) == "t"; }

private:
    Answer m_result;
};

/// Errors: Malformed for a text that libpq cannot read; its message may quote any part of it.
Result<void> checkConnectionText(const std::string& connectionText);

enum class ConnectionKind { Ordinary, Replication };

/// Connects, waiting at most five seconds for each address unless the text says otherwise. A
/// network that is gone is noticed after some seconds while something is sent, else within a
/// minute. `connectionText`: a URI or `key=value` pairs, as libpq takes them. Values come as ISO
/// dates, hexadecimal bytea and the shortest exact reals. Errors: Malformed for a text that libpq
/// cannot read; Unavailable for a server that cannot be reached or does not let us in. No message
/// holds the password.
Result<Connection> connect(const std::string& connectionText, ConnectionKind kind);

/// As ask(), and what is refused is an error, too.
Result<Rows> query(PGconn* connection, const std::string& sql, Patience patience = {});

/// The failure of a result, or of the connection when there is none.
Error problemOf(PGconn* connection, const PGresult* result);

/// Which database a connection leads to, however it is written: "localhost:5432/shop". A text that
/// cannot be read stands for itself.
std::string databaseOf(const std::string& connectionText);

/// "postgresql://host:5432/name"
std::string placeOf(PGconn* connection);

/// A place in the server's log: "1/6B3748A8". Zero for text that is none.
std::int64_t lsnOf(const std::string& text);
std::string lsnText(std::int64_t lsn);

} // namespace coldframe::postgres
