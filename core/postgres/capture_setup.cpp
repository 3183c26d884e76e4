#include "postgres/capture_setup.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include <fmt/format.h>

#include "changes/table_shape.h"
#include "sources/date_time.h"
#include "sources/event_text.h"

namespace coldframe::postgres {

using changes::CapturePlan;
using changes::CaptureState;
using changes::quotedName;
using changes::quotedText;
using Kind = CaptureState::Kind;

namespace {

constexpr std::string_view kNote = "Coldframe: the replica identity was ";
constexpr std::string_view kSince = ", captured since ";

/// The letter in a publication's comment, which the oldest ones end with.
std::optional<char> notedIdentity(const std::string& note)
{
    if (!note.starts_with(kNote) || note.size() <= kNote.size())
        return std::nullopt;
    const std::string_view rest = std::string_view(note).substr(kNote.size() + 1);
    return rest.empty() || rest.starts_with(kSince) ? std::optional(note[kNote.size()])
                                                    : std::nullopt;
}

/// The server says what time it is, so that the statement is the same whenever it is planned.
std::string noteStatement(const std::string& publication, char identity)
{
    return fmt::format(
        "DO $note$ BEGIN EXECUTE format('COMMENT ON PUBLICATION %I IS %L', {}, {} || "
        "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')); "
        "END $note$",
        quotedText(publication), quotedText(std::string(kNote) + identity + std::string(kSince)));
}

char letterOf(const std::string& text)
{
    return text.empty() ? ' ' : text.front();
}

std::string named(const CaptureNames& names)
{
    return names.schema.empty() ? quotedName(names.table)
                                : quotedName(names.schema) + '.' + quotedName(names.table);
}

tl::unexpected<Error> refused(Error::Code code, std::string message, std::string hint)
{
    return tl::unexpected(
        Error{.code = code, .message = std::move(message), .hint = std::move(hint)});
}

Result<void> readTable(PGconn* connection, const CaptureNames& names, ServerState& state)
{
    const std::string where = names.schema.empty() ? "pg_table_is_visible(c.oid)"
                                                   : "n.nspname = " + quotedText(names.schema);
    const auto table = query(
        connection,
        fmt::format("SELECT n.nspname, c.relname, c.relkind, c.relpersistence, c.relreplident, "
                    "c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE "
                    "c.relkind NOT IN ('i', 'I', 'S', 'c', 't') AND c.relname = {} AND {}",
                    quotedText(names.table), where));
    if (!table)
        return tl::unexpected(table.error());
    if (table->count() == 0)
        return {};
    state.table = ServerState::Table{table->text(0, 0),           table->text(0, 1),
                                     letterOf(table->text(0, 2)), letterOf(table->text(0, 3)),
                                     letterOf(table->text(0, 4)), {}};
    const auto key = query(
        connection,
        fmt::format("SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = "
                    "i.indrelid AND a.attnum = ANY(i.indkey) WHERE i.indisprimary AND i.indrelid "
                    "= {} ORDER BY a.attnum",
                    table->text(0, 5)));
    if (!key)
        return tl::unexpected(key.error());
    for (int i = 0; i < key->count(); ++i)
        state.table->key.push_back(key->text(i, 0));
    return {};
}

Result<void> readPublication(PGconn* connection, const CaptureNames& names, ServerState& state)
{
    const std::string name = quotedText(names.slot());
    const auto publication
        = query(connection,
                fmt::format("SELECT coalesce(obj_description(oid, 'pg_publication'), '') FROM "
                            "pg_publication WHERE pubname = {}",
                            name));
    if (!publication)
        return tl::unexpected(publication.error());
    state.publication = publication->count() > 0;
    if (state.publication)
        state.note = publication->text(0, 0);
    if (!state.publication)
        return {};
    const auto tables = query(connection,
                              fmt::format("SELECT schemaname, tablename FROM "
                                          "pg_publication_tables WHERE pubname = {}",
                                          name));
    if (!tables)
        return tl::unexpected(tables.error());
    for (int i = 0; i < tables->count(); ++i) {
        const ServerState::Table found{.schema = tables->text(i, 0), .name = tables->text(i, 1)};
        if (state.table && found.quoted() == state.table->quoted())
            state.published = true;
        else
            state.renamedTo = found.quoted();
    }
    if (state.published)
        state.renamedTo.clear();
    return {};
}

Result<void> readOthers(PGconn* connection, const CaptureNames& names, ServerState& state)
{
    if (!state.table)
        return {};
    const auto others = query(
        connection,
        fmt::format("SELECT coalesce(obj_description(p.oid, 'pg_publication'), '') FROM "
                    "pg_publication p JOIN pg_publication_tables t USING (pubname) WHERE "
                    "pubname LIKE 'coldframe\\_%' AND pubname <> {} AND schemaname = {} AND "
                    "tablename = {}",
                    quotedText(names.slot()), quotedText(state.table->schema),
                    quotedText(state.table->name)));
    if (!others)
        return tl::unexpected(others.error());
    for (int i = 0; i < others->count(); ++i)
        state.othersNotes.push_back(others->text(i, 0));
    return {};
}

/// What the replica identity was before anybody made it FULL.
char identityBefore(const ServerState& state)
{
    for (const std::string& note : state.othersNotes)
        if (const auto identity = notedIdentity(note))
            return *identity;
    return state.table->identity;
}

} // namespace

std::string CaptureNames::slot() const
{
    std::string plain;
    for (const char c : table.substr(0, 40)) { // of at most 63; letters, digits and '_' only
        const auto letter = static_cast<unsigned char>(c);
        plain
            += letter < 128 && std::isalnum(letter) ? static_cast<char>(std::tolower(letter)) : '_';
    }
    return fmt::format("coldframe_{}_{:08x}", plain,
                       sources::scatter(schema + '\n' + table + '\n' + owner, 0) >> 32);
}

std::string ServerState::Table::quoted() const
{
    return quotedName(schema) + '.' + quotedName(name);
}

Result<void> checkVersion(int version)
{
    constexpr int kOldest = 130000; // whose slots say whether their log is lost
    if (version >= kOldest)
        return {};
    return refused(
        Error::Code::Conflict,
        fmt::format("the server is PostgreSQL {}, whose changes cannot be read", version / 10000),
        "use version 13 or a later one");
}

Result<ServerState> readServerState(PGconn* connection, const CaptureNames& names)
{
    if (const Result<void> fine = checkVersion(PQserverVersion(connection)); !fine)
        return tl::unexpected(fine.error());
    ServerState state;
    const auto server
        = query(connection,
                "SELECT current_setting('wal_level'), current_user, current_database(), (SELECT "
                "rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user)");
    if (!server)
        return tl::unexpected(server.error());
    state.walLevel = server->text(0, 0);
    state.role = server->text(0, 1);
    state.database = server->text(0, 2);
    state.mayReplicate = server->isTrue(0, 3);
    if (const auto table = readTable(connection, names, state); !table)
        return tl::unexpected(table.error());
    if (const auto publication = readPublication(connection, names, state); !publication)
        return tl::unexpected(publication.error());
    if (const auto others = readOthers(connection, names, state); !others)
        return tl::unexpected(others.error());
    const auto slot = query(connection,
                            fmt::format("SELECT plugin, database, coalesce(wal_status, 'lost'), "
                                        "CASE WHEN pg_is_in_recovery() THEN 0 ELSE "
                                        "coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), "
                                        "confirmed_flush_lsn), 0)::bigint END, "
                                        "confirmed_flush_lsn "
                                        "FROM pg_replication_slots WHERE slot_name = {}",
                                        quotedText(names.slot())));
    if (!slot)
        return tl::unexpected(slot.error());
    if (slot->count() > 0)
        state.slot = ServerState::Slot{slot->text(0, 0), slot->text(0, 1), slot->text(0, 2),
                                       std::strtoll(slot->text(0, 3).c_str(), nullptr, 10),
                                       lsnOf(slot->text(0, 4))};
    return state;
}

TimePoint ServerState::since() const
{
    const std::size_t at = note.find(kSince);
    if (!notedIdentity(note) || at == std::string::npos)
        return {};
    const std::string time = note.substr(at + kSince.size()); // 2026-11-27T09:15:07.412Z
    const auto date = sources::parseDateTime(time.substr(0, 19) + 'Z');
    const auto moment = date ? sources::momentOf(nullptr, *date) : std::nullopt;
    if (!moment)
        return {};
    const int ms = time.size() > 20 ? std::atoi(time.c_str() + 20) : 0;
    return *moment + std::chrono::milliseconds(std::clamp(ms, 0, 999));
}

Result<void> checkServer(const ServerState& state, const CaptureNames& names)
{
    if (state.walLevel != "logical")
        return refused(Error::Code::Conflict,
                       fmt::format("the server's wal_level is {}, which keeps no rows in its log",
                                   state.walLevel),
                       "run ALTER SYSTEM SET wal_level = logical as a superuser, then restart the "
                       "server");
    if (!state.mayReplicate)
        return refused(
            Error::Code::Conflict,
            fmt::format("the role {} may not replicate", quotedName(state.role)),
            fmt::format("run ALTER ROLE {} REPLICATION as a superuser", quotedName(state.role)));
    if (!state.table)
        return refused(Error::Code::Missing,
                       fmt::format("there is no table {} in the database", named(names)),
                       "create it, or correct the trigger's \"table\"");
    const ServerState::Table& table = *state.table;
    if (table.kind == 'v' || table.kind == 'm' || table.kind == 'f')
        return refused(Error::Code::Conflict,
                       fmt::format("{} is {}, whose rows are not its own", table.quoted(),
                                   table.kind == 'v'       ? "a view"
                                       : table.kind == 'm' ? "a materialized view"
                                                           : "a foreign table"),
                       "name the tables that it reads from");
    if (table.kind == 'p')
        return refused(
            Error::Code::Conflict,
            fmt::format("{} is partitioned; its rows lie in its partitions", table.quoted()),
            "make a trigger for each partition");
    if (table.persistence != 'p')
        return refused(Error::Code::Conflict,
                       fmt::format("{} is {}, so its rows are in no log", table.quoted(),
                                   table.persistence == 'u' ? "unlogged" : "temporary"),
                       "use an ordinary table (ALTER TABLE … SET LOGGED)");
    if (table.schema == "pg_catalog" || table.schema == "information_schema")
        return refused(Error::Code::Conflict,
                       fmt::format("{} is not a table of your data", table.quoted()),
                       "name one of your own tables");
    return {};
}

CaptureState judgeCapture(const ServerState& state, const CaptureNames& names)
{
    CaptureState result;
    if (!state.slot && !state.publication)
        return result;
    result.owner = names.owner;
    result.kind = Kind::Ready;
    const auto add = [&](Kind kind, std::string reason) {
        result.kind = std::max(result.kind, kind);
        result.reasons.push_back(std::move(reason));
    };
    if (!state.table && !state.renamedTo.empty())
        add(Kind::Renamed,
            fmt::format(
                "the table was renamed to {0}, and its changes still come. To go by the new "
                "name, remove this capture, write {0} into the trigger's \"table\" and "
                "install it for that one; changes in between are not told",
                state.renamedTo));
    else if (const Result<void> fine = checkServer(state, names); !fine)
        add(Kind::Broken, fine.error().message);
    if (!state.slot)
        add(Kind::Broken,
            fmt::format("the slot {} was dropped: changes since are lost",
                        quotedName(names.slot())));
    else if (state.slot->plugin != "pgoutput" || state.slot->database != state.database)
        add(Kind::Broken,
            fmt::format("the slot {} is another program's", quotedName(names.slot())));
    else if (state.slot->walStatus == "lost")
        add(Kind::Broken,
            "the server has thrown away the log that was not read in time "
            "(max_slot_wal_keep_size): changes are lost");
    if (!state.publication)
        add(Kind::Broken,
            fmt::format("the publication {} was dropped: changes since cannot be read",
                        quotedName(names.slot())));
    else if (state.table && !state.published)
        add(Kind::Broken,
            state.renamedTo.empty()
                ? "the table is not in its publication: it was dropped and created anew, "
                  "or taken out"
                : fmt::format("the table whose changes are captured was renamed to {}; the one of "
                              "this name is another, and is not captured",
                              state.renamedTo));
    if (state.table && state.table->identity != 'f')
        add(Kind::Outdated,
            "the table's replica identity is no longer FULL, so old rows are "
            "missing or only their keys are told");
    return result;
}

CapturePlan planInstall(const ServerState& state, const CaptureNames& names)
{
    CapturePlan plan{.table = names.table};
    const std::string name = quotedName(names.slot()), table = state.table->quoted();
    auto& sql = plan.statements;
    if (state.table->key.empty())
        plan.warnings.push_back(fmt::format(
            "{} has no primary key: all its columns together stand for it, so an update is told as "
            "a removal and an insertion",
            table));
    // A slot reads the log with the catalogue of that time, which did not have a new publication.
    const bool useless = state.slot
        && (!state.publication || state.slot->walStatus == "lost"
            || state.slot->plugin != "pgoutput" || state.slot->database != state.database);
    if (useless) {
        sql.push_back(fmt::format("SELECT pg_drop_replication_slot({})", quotedText(names.slot())));
        plan.warnings.push_back("changes since the last ones that were read are lost");
    }
    if (state.table->identity != 'f') {
        sql.push_back(fmt::format("ALTER TABLE {} REPLICA IDENTITY FULL", table));
        plan.warnings.push_back("updates and deletions write the whole old row into the server's "
                                "log (REPLICA IDENTITY FULL)");
    }
    if (!state.publication) {
        sql.push_back(fmt::format("CREATE PUBLICATION {} FOR TABLE {}", name, table));
        sql.push_back(noteStatement(names.slot(), identityBefore(state)));
    } else if (!state.published) {
        sql.push_back(fmt::format("ALTER PUBLICATION {} ADD TABLE {}", name, table));
    }
    if (!state.slot || useless)
        sql.push_back(fmt::format("SELECT pg_create_logical_replication_slot({}, 'pgoutput')",
                                  quotedText(names.slot())));
    if (!sql.empty())
        plan.warnings.push_back("the server keeps its log until the changes in it are read: remove "
                                "the capture when it is not needed any more");
    return plan;
}

CapturePlan planRemoval(const ServerState& state, const CaptureNames& names)
{
    CapturePlan plan{.table = names.table};
    auto& sql = plan.statements;
    if (state.slot) {
        sql.push_back(fmt::format("SELECT pg_drop_replication_slot({})", quotedText(names.slot())));
        plan.warnings.push_back(
            state.slot->unreadBytes > 0
                ? fmt::format("changes that nobody has read are lost: those of this table in the "
                              "last {} bytes of the server's log",
                              state.slot->unreadBytes)
                : "changes that nobody has read are lost");
    }
    if (state.publication)
        sql.push_back("DROP PUBLICATION " + quotedName(names.slot()));
    const std::optional<char> noted = notedIdentity(state.note);
    // A table that was renamed is still ours, under its new name.
    const std::string table = state.table ? state.table->quoted() : state.renamedTo;
    const bool full = state.table ? state.table->identity == 'f' : !table.empty();
    if (full && noted && *noted != 'f' && state.othersNotes.empty()) {
        const char before = *noted;
        sql.push_back(fmt::format("ALTER TABLE {} REPLICA IDENTITY {}", table,
                                  before == 'n' ? "NOTHING" : "DEFAULT"));
        if (before == 'i')
            plan.warnings.push_back(
                "the replica identity was an index; it becomes the primary key");
    }
    return plan;
}

} // namespace coldframe::postgres
