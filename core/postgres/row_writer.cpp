#include "postgres/row_writer.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include <fmt/format.h>

#include "changes/table_shape.h"
#include "postgres/row_failure.h"

namespace coldframe::postgres {

using changes::quotedName;
using tables::Failure;
using tables::Target;
using tables::Write;

namespace {

// A server that works ends by itself what takes too long, so that nothing of it is left waiting for
// a lock there; one that does not even do that is given up.
constexpr auto kLongest = std::chrono::seconds(10);
constexpr auto kSilence = std::chrono::seconds(5);

/// Of the first value that is not NULL; without one, text.
const char* columnType(std::size_t column, const std::vector<tables::Row>& rows)
{
    for (const tables::Row& row : rows) {
        if (std::holds_alternative<std::int64_t>(row[column]))
            return "bigint";
        if (std::holds_alternative<double>(row[column]))
            return "double precision";
        if (std::holds_alternative<std::string>(row[column]))
            return "text";
    }
    return "text";
}

std::string createTable(const Write& write)
{
    const Target& target = write.target;
    std::string columns;
    for (std::size_t i = 0; i < target.columns.size(); ++i)
        columns += fmt::format("{}{} {}", i == 0 ? "" : ", ", quotedName(target.columns[i]),
                               columnType(i, write.rows));
    if (!target.key.empty())
        columns += fmt::format(", PRIMARY KEY ({})", listedColumns(target.key));
    return fmt::format("CREATE TABLE IF NOT EXISTS {} ({})", quotedTable(target.table), columns);
}

std::string insertRow(const Target& target)
{
    std::string places, updates;
    for (std::size_t i = 0; i < target.columns.size(); ++i) {
        places += fmt::format("{}${}", i == 0 ? "" : ", ", i + 1);
        if (std::ranges::find(target.key, target.columns[i]) == target.key.end())
            updates += fmt::format("{0}{1} = excluded.{1}", updates.empty() ? "" : ", ",
                                   quotedName(target.columns[i]));
    }
    std::string sql = fmt::format("INSERT INTO {} ({}) VALUES ({})", quotedTable(target.table),
                                  listedColumns(target.columns), places);
    if (!target.key.empty())
        sql += fmt::format(" ON CONFLICT ({}) DO {}", listedColumns(target.key),
                           updates.empty() ? "NOTHING" : "UPDATE SET " + updates);
    return sql;
}

/// As the server reads it; nothing for NULL.
std::optional<std::string> textOf(const tables::Value& value)
{
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return std::to_string(*number);
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (const auto* real = std::get_if<double>(&value)) {
        char digits[32];
        return std::string(digits, std::to_chars(digits, digits + sizeof digits, *real).ptr);
    }
    return std::nullopt;
}

} // namespace

std::optional<Failure> RowWriter::open()
{
    if (m_connection && PQstatus(m_connection.get()) == CONNECTION_OK)
        return std::nullopt;
    m_connection.reset();
    const Result<std::string> address = m_address();
    if (!address)
        return Failure{address.error()};
    Result<Connection> made = connect(*address, ConnectionKind::Ordinary);
    if (!made)
        return Failure{made.error()};
    const Result<Rows> limit
        = query(made->get(), "SELECT setting FROM pg_settings WHERE name = 'statement_timeout'");
    if (!limit)
        return Failure{limit.error()};
    std::chrono::milliseconds longest(std::strtoll(limit->text(0, 0).c_str(), nullptr, 10));
    if (longest == longest.zero()) {
        longest = kLongest;
        if (const auto set
            = query(made->get(), fmt::format("SET statement_timeout = {}", longest.count()));
            !set)
            return Failure{set.error()};
    }
    m_patience.most = longest + kSilence;
    m_connection = std::move(*made);
    return std::nullopt;
}

std::optional<Failure> RowWriter::run(const std::string& sql, const Target& target,
                                      const tables::Row& row)
{
    std::vector<std::optional<std::string>> texts;
    std::vector<const char*> values;
    for (const tables::Value& value : row) {
        texts.push_back(textOf(value));
        if (texts.back() && texts.back()->find('\0') != std::string::npos)
            return Failure{
                {.code = Error::Code::Malformed,
                 .message = fmt::format("table {}: a text holds U+0000, which PostgreSQL "
                                        "cannot keep",
                                        quotedTable(target.table)),
                 .hint = "let the function leave it out"},
                true};
    }
    for (const auto& text : texts)
        values.push_back(text ? text->c_str() : nullptr);
    const Result<Answer> answer = ask(m_connection.get(), sql, values, m_patience);
    if (!answer)
        return Failure{answer.error()};
    const PGresult* result = answer->get();
    const ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return std::nullopt;
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return rowFailure(problemOf(m_connection.get(), result), state ? state : "", target);
}

std::optional<Failure> RowWriter::insert(const Write& write)
{
    if (write.rows.empty())
        return std::nullopt;
    if (write.target.create)
        if (auto failure = run(createTable(write), write.target))
            return failure;
    const std::string sql = insertRow(write.target);
    for (const tables::Row& row : write.rows)
        if (auto failure = run(sql, write.target, row))
            return failure;
    return std::nullopt;
}

/// Takes back what it wrote before it failed.
std::optional<Failure> RowWriter::writeOne(const Write& write)
{
    if (auto failure = run("SAVEPOINT result", write.target))
        return failure;
    auto failure = insert(write);
    if (failure && !isOfServer(*failure))
        if (auto broken = run("ROLLBACK TO SAVEPOINT result", write.target))
            return broken;
    return failure;
}

/// One transaction. `failures` are those of each alone; what it returns is in the way of all.
std::optional<Failure> RowWriter::transact(std::span<const Write> writes, Failures& failures)
{
    const Target& first = writes.front().target;
    if (auto failure = open())
        return failure;
    if (auto failure = run("BEGIN", first))
        return failure;
    for (std::size_t i = 0; i < writes.size(); ++i) {
        failures[i] = writeOne(writes[i]);
        if (failures[i] && isOfServer(*failures[i]))
            return failures[i];
    }
    return run("COMMIT", first);
}

RowWriter::Failures RowWriter::write(std::span<const Write> writes)
{
    Failures failures(writes.size());
    if (std::ranges::all_of(writes, [](const Write& write) { return write.rows.empty(); }))
        return failures;
    const std::optional<Failure> failure = transact(writes, failures);
    if (!failure)
        return failures;
    const bool ofServer = isOfServer(*failure);
    // A deferred constraint does not say whose rows it refuses: each is tried alone.
    for (std::size_t i = 0; i < writes.size(); ++i)
        if (!failures[i] && !ofServer && writes.size() > 1)
            failures[i] = write(writes.subspan(i, 1)).front();
        else if (!failures[i])
            failures[i] = failure;
    if (ofServer)
        m_connection.reset(); // whatever was wrong, the next try begins anew
    return failures;
}

} // namespace coldframe::postgres
