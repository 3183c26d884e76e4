#include "postgres/connection.h"

#include <charconv>
#include <string_view>

#include <fmt/format.h>

namespace coldframe::postgres {

namespace {

/// The first line; the rest is the statement again.
std::string firstLine(std::string_view text)
{
    while (!text.empty() && (text.front() == '\n' || text.front() == ' '))
        text.remove_prefix(1);
    return std::string(text.substr(0, text.find('\n')));
}

/// By SQLSTATE. Source: PostgreSQL 15 documentation, appendix A.
void explain(std::string_view state, Error& error)
{
    if (state == "42501") {
        error.hint = "let the role do it: ALTER ROLE … REPLICATION, as a superuser; a publication "
                     "and the replica identity of a table are its owner's";
    } else if (state == "42704") {
        error.code = Error::Code::Missing;
        error.hint = "what was installed for these changes is gone: agree to install it again; "
                     "changes made in between are lost";
    } else if (state == "55006") {
        error.code = Error::Code::Unavailable;
        error.hint = "another program reads these changes, or the server has not yet noticed that "
                     "an earlier connection is gone; it is tried again";
    } else if (state == "55000") {
        error.code = Error::Code::Conflict;
        error.hint = "logical decoding needs wal_level = logical (ALTER SYSTEM SET wal_level = "
                     "logical, then restart the server), and a slot that still holds its log";
    } else if (state == "53400") {
        error.code = Error::Code::LimitReached;
        error.hint = "raise max_replication_slots and max_wal_senders, or drop slots that nobody "
                     "uses; then restart the server";
    } else if (state.starts_with("57P") || state.starts_with("08")) {
        error.code = Error::Code::Unavailable;
        error.hint = "it is connected again as soon as the server is there; nothing is lost";
    }
}

/// Why no connection came about. libpq has no code for it, only text in the server's language.
Error cannotConnect(PGconn* connection)
{
    Error error{.code = Error::Code::Unavailable,
                .message = "cannot connect: " + firstLine(PQerrorMessage(connection)),
                .file = placeOf(connection)};
    if (PQconnectionNeedsPassword(connection))
        error.hint = "the server asks for a password: put it into the connection, or ~/.pgpass";
    else if (PQconnectionUsedPassword(connection))
        error.hint = "check user, password and database of the store's connection";
    else
        error.hint = "check that the server runs and host, port, user and database are right; it "
                     "is tried again";
    return error;
}

} // namespace

Result<void> checkConnectionText(const std::string& connectionText)
{
    char* why = nullptr;
    PQconninfoOption* parsed = PQconninfoParse(connectionText.c_str(), &why);
    if (!parsed) {
        const std::unique_ptr<char, decltype(&PQfreemem)> owner(why, &PQfreemem);
        return tl::unexpected(Error{.code = Error::Code::Malformed,
                                    .message = "the connection cannot be read: "
                                        + firstLine(why ? why : "out of memory"),
                                    .hint = "write it as postgresql://user@host:5432/database"});
    }
    PQconninfoFree(parsed);
    return {};
}

std::string databaseOf(const std::string& connectionText)
{
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(
        PQconninfoParse(connectionText.c_str(), nullptr), &PQconninfoFree);
    if (!parsed)
        return connectionText;
    const auto given = [&](std::string_view keyword) {
        for (const PQconninfoOption* one = parsed.get(); one->keyword; ++one)
            if (one->keyword == keyword && one->val)
                return std::string(one->val);
        return std::string();
    };
    std::string host = given("host"), port = given("port"), name = given("dbname");
    if (host.empty())
        host = given("hostaddr");
    if (port.empty())
        port = "5432";
    if (name.empty())
        name = given("user"); // as libpq does
    return fmt::format("{}:{}/{}", host, port, name);
}

Result<Connection> connect(const std::string& connectionText, ConnectionKind kind)
{
    if (const Result<void> readable = checkConnectionText(connectionText); !readable)
        return tl::unexpected(readable.error());
    const bool replication = kind == ConnectionKind::Replication;
    // Later ones win: a timeout of the user's own over ours, ours over the rest.
    const char* const keys[] = {"connect_timeout",
                                "tcp_user_timeout",
                                "keepalives_idle",
                                "keepalives_interval",
                                "keepalives_count",
                                "fallback_application_name",
                                "dbname",
                                "client_encoding",
                                replication ? "replication" : nullptr,
                                nullptr};
    const char* const values[]
        = {"5",    "15000",    "30",   "10", "3", "coldframe", connectionText.c_str(),
           "UTF8", "database", nullptr};
    Connection connection(PQconnectdbParams(keys, values, 1));
    if (PQstatus(connection.get()) != CONNECTION_OK)
        return tl::unexpected(cannotConnect(connection.get()));
    PQsetNoticeReceiver(
        connection.get(), [](void*, const PGresult*) {}, nullptr);
    for (const char* setting :
         {"SET datestyle = 'ISO'", "SET intervalstyle = 'postgres'", "SET bytea_output = 'hex'",
          "SET extra_float_digits = 1", "SET lc_monetary = 'C'"})
        if (const auto done = query(connection.get(), setting); !done)
            return tl::unexpected(done.error());
    return connection;
}

Result<Rows> query(PGconn* connection, const std::string& sql, Patience patience)
{
    Result<Answer> answer = ask(connection, sql, {}, patience);
    if (!answer)
        return tl::unexpected(answer.error());
    const ExecStatusType status = PQresultStatus(answer->get());
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return Rows(std::move(*answer));
    return tl::unexpected(problemOf(connection, answer->get()));
}

Error problemOf(PGconn* connection, const PGresult* result)
{
    Error error{.code = Error::Code::Io, .file = placeOf(connection)};
    const char* state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const char* said = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
    error.message
        = "the database: " + (said ? std::string(said) : firstLine(PQerrorMessage(connection)));
    if (state)
        explain(state, error);
    if (PQstatus(connection) == CONNECTION_BAD)
        explain("08006", error);
    return error;
}

std::string placeOf(PGconn* connection)
{
    const auto text = [](const char* given) { return std::string(given ? given : ""); };
    return fmt::format("postgresql://{}:{}/{}", text(PQhost(connection)), text(PQport(connection)),
                       text(PQdb(connection)));
}

std::int64_t lsnOf(const std::string& text)
{
    const auto slash = text.find('/');
    if (slash == std::string::npos)
        return 0;
    std::uint32_t high = 0, low = 0;
    std::from_chars(text.data(), text.data() + slash, high, 16);
    std::from_chars(text.data() + slash + 1, text.data() + text.size(), low, 16);
    return static_cast<std::int64_t>(std::uint64_t{high} << 32 | low);
}

std::string lsnText(std::int64_t lsn)
{
    const auto value = static_cast<std::uint64_t>(lsn);
    return fmt::format("{:X}/{:X}", value >> 32, value & 0xffff'ffff);
}

} // namespace coldframe::postgres
