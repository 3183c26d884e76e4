#include "postgres/pgoutput.h"

#include <chrono>

#include <fmt/format.h>

namespace coldframe::postgres {

using sources::Row;
using sources::RowChange;
using sources::RowColumns;

namespace {

/// PostgreSQL counts microseconds from the year 2000.
constexpr std::chrono::sys_days kEpoch = std::chrono::year(2000) / 1 / 1;
constexpr std::int64_t kFarTime = 8'000'000'000'000'000; // µs; past it, nanoseconds overflow

TimePoint timeOf(std::int64_t microseconds)
{
    if (microseconds < -kFarTime || microseconds > kFarTime)
        return {};
    return TimePoint(kEpoch) + std::chrono::microseconds(microseconds);
}

} // namespace

/// Reads numbers in network order and texts that end with NUL. Past the end everything is zero and
/// good() false.
class PgOutput::Bytes {
public:
    explicit Bytes(std::string_view bytes) : m_rest(bytes) { }

    std::uint64_t number(std::size_t size)
    {
        const std::string_view bytes = take(size);
        std::uint64_t value = 0;
        for (const char c : bytes)
            value = value << 8 | static_cast<unsigned char>(c);
        return value;
    }
    char letter() { return static_cast<char>(number(1)); }
    std::string text()
    {
        const auto end = m_rest.find('\0');
        if (end == m_rest.npos)
            return m_good = false, std::string();
        std::string text(take(end));
        take(1);
        return text;
    }
    std::string_view take(std::size_t size)
    {
        if (size > m_rest.size())
            return m_good = false, m_rest = {}, std::string_view();
        const std::string_view bytes = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return bytes;
    }
    bool good() const { return m_good; }
    void spoil() { m_good = false; }

private:
    std::string_view m_rest;
    bool m_good = true;
};

void PgOutput::readRelation(Bytes& in)
{
    const auto id = static_cast<std::uint32_t>(in.number(4));
    const std::string schema = in.text(), name = in.text();
    const char identity = in.letter();
    const std::uint64_t count = in.number(2);
    Relation relation;
    relation.table = schema == "public" ? name : schema + '.' + name;
    RowColumns columns;
    for (std::uint64_t i = 0; i < count && in.good(); ++i) {
        const bool flagged = in.number(1) & 1;
        std::string column = in.text();
        relation.types.push_back(static_cast<std::uint32_t>(in.number(4)));
        in.number(4); // the type's modifier
        // With REPLICA IDENTITY FULL every column is flagged.
        const bool key = identity == 'f' ? m_keys.empty() || m_keys.contains(column) : flagged;
        columns.push_back({std::move(column), key});
    }
    relation.columns = std::make_shared<const RowColumns>(std::move(columns));
    if (in.good())
        m_relations[id] = std::move(relation);
}

std::optional<Row> PgOutput::readRow(Bytes& in, const Relation& relation) const
{
    const std::uint64_t count = in.number(2);
    if (count != relation.types.size())
        return in.spoil(), std::nullopt;
    Row row;
    row.reserve(count);
    for (std::uint64_t i = 0; i < count && in.good(); ++i) {
        switch (in.letter()) {
        case 'n':
            row.emplace_back(sources::Null{});
            break;
        case 'u': // a large value that was not changed, and so is not in the log
            row.emplace_back(sources::Untold{});
            break;
        case 't':
            row.push_back(valueOf(relation.types[i], in.take(in.number(4))));
            break;
        default:
            in.spoil();
        }
    }
    return row;
}

void PgOutput::append(const Relation& relation, RowChange::Kind kind, Row oldRow, Row newRow,
                      std::vector<RowChange>& changes)
{
    RowChange& change = changes.emplace_back();
    change.kind = kind;
    change.sequence = m_commit;
    change.part = m_part++;
    change.table = relation.table;
    change.at = m_at;
    change.columns = relation.columns;
    change.oldRow = std::move(oldRow);
    change.newRow = std::move(newRow);
}

void PgOutput::readChange(Bytes& in, char kind, std::vector<RowChange>& changes)
{
    const auto found = m_relations.find(static_cast<std::uint32_t>(in.number(4)));
    if (found == m_relations.end())
        return in.spoil();
    const Relation& relation = found->second;
    const RowColumns& columns = *relation.columns;
    char part = in.letter();
    std::optional<Row> oldRow, newRow;
    if (part == 'K' || part == 'O') {
        oldRow = readRow(in, relation);
        for (std::size_t i = 0; part == 'K' && in.good() && i < columns.size(); ++i)
            if (!columns[i].key) // sent as null, which it need not have been
                (*oldRow)[i] = sources::Untold{};
        if (kind != 'D')
            part = in.letter();
    }
    if (kind != 'D') {
        if (part != 'N')
            return in.spoil();
        newRow = readRow(in, relation);
    }
    if (!in.good() || (kind == 'D' && !oldRow))
        return in.spoil();

    bool moved = false;
    for (std::size_t i = 0; oldRow && newRow && i < columns.size(); ++i) {
        if (std::holds_alternative<sources::Untold>((*newRow)[i]))
            (*newRow)[i] = (*oldRow)[i];
        moved = moved || (columns[i].key && (*newRow)[i] != (*oldRow)[i]);
    }
    if (kind == 'I') {
        append(relation, RowChange::Kind::Insert, {}, std::move(*newRow), changes);
    } else if (kind == 'D') {
        append(relation, RowChange::Kind::Remove, std::move(*oldRow), {}, changes);
    } else if (moved) { // under another key: the one row is gone, the other is new
        append(relation, RowChange::Kind::Remove, std::move(*oldRow), {}, changes);
        append(relation, RowChange::Kind::Insert, {}, std::move(*newRow), changes);
    } else {
        append(relation, RowChange::Kind::Modify, oldRow ? std::move(*oldRow) : Row(),
               std::move(*newRow), changes);
    }
}

Result<void> PgOutput::take(std::string_view message, std::vector<RowChange>& changes)
{
    Bytes in(message);
    switch (const char kind = in.letter()) {
    case 'B':
        m_commit = static_cast<std::int64_t>(in.number(8));
        m_at = timeOf(static_cast<std::int64_t>(in.number(8)));
        in.number(4); // the transaction's id
        m_part = 0;
        m_inTransaction = true;
        break;
    case 'C': {
        in.number(1);
        in.number(8);
        const auto end = static_cast<std::int64_t>(in.number(8));
        in.number(8); // the time again
        if (in.good())
            m_committed = end;
        m_inTransaction = false;
        break;
    }
    case 'R':
        readRelation(in);
        break;
    case 'I':
    case 'U':
    case 'D':
        readChange(in, kind, changes);
        break;
    case 'T':
        ++m_truncations;
        break;
    case 'O': // where a change came from, a type's name, a message of the user's own
    case 'Y':
    case 'M':
        break;
    default:
        in.spoil();
    }
    if (in.good())
        return {};
    return tl::unexpected(
        Error{.code = Error::Code::Malformed,
              .message = fmt::format("the server sent a message of {} bytes that pgoutput's "
                                     "protocol does not know",
                                     message.size()),
              .hint = "use PostgreSQL 13 or later, and its own pgoutput"});
}

} // namespace coldframe::postgres
