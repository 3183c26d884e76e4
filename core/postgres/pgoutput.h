#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/error.h"
#include "sources/row_change.h"

namespace coldframe::postgres {

/// Decodes the messages of PostgreSQL's output plugin pgoutput, version 1 of its protocol: whole
/// transactions, one after the other in the order of their commits. Pure.
/// Source: PostgreSQL 15 documentation, 55.9 "Logical Replication Message Formats", read 2026-11.
class PgOutput {
public:
    /// `keys`: names of the primary key's columns, as a table that tells its whole old row does not
    /// say which they are. Without any, all columns together are the key.
    explicit PgOutput(std::set<std::string> keys) : m_keys(std::move(keys)) { }

    /// Takes one message and appends what it says to `changes`. Changes of one transaction carry
    /// its place in the log (LSN) as their number, and count their `part` from 0.
    /// Malformed for bytes that are no message; then nothing more must be given to it.
    Result<void> take(std::string_view message, std::vector<sources::RowChange>& changes);

    /// Where the last transaction that was complete ends; 0 before the first.
    std::int64_t committed() const { return m_committed; }
    bool inTransaction() const { return m_inTransaction; }
    /// How many times tables were emptied by TRUNCATE, which tells no rows.
    std::size_t truncations() const { return m_truncations; }

private:
    struct Relation {
        std::string table;
        std::shared_ptr<const sources::RowColumns> columns;
        std::vector<std::uint32_t> types; ///< OIDs
    };
    class Bytes;

    void readRelation(Bytes& in);
    std::optional<sources::Row> readRow(Bytes& in, const Relation& relation) const;
    void readChange(Bytes& in, char kind, std::vector<sources::RowChange>& changes);
    void append(const Relation& relation, sources::RowChange::Kind kind, sources::Row oldRow,
                sources::Row newRow, std::vector<sources::RowChange>& changes);

    std::set<std::string> m_keys;
    std::map<std::uint32_t, Relation> m_relations;
    std::int64_t m_commit = 0; ///< of the transaction under way
    TimePoint m_at{};
    std::uint32_t m_part = 0;
    std::int64_t m_committed = 0;
    bool m_inTransaction = false;
    std::size_t m_truncations = 0;
};

/// A value from its text form, by the OID of its type: bool, whole numbers, float4 and float8,
/// numeric and bytea as such, everything else as text.
sources::RowValue valueOf(std::uint32_t type, std::string_view text);

} // namespace coldframe::postgres
