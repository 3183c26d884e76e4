#include "changes/capture_sql.h"

#include <fmt/format.h>

#include "changes/capture_conditions.h"

namespace coldframe::changes {

namespace {

/// Microseconds since 1970: numbers of a log that is removed and made anew never repeat.
constexpr const char* kFirstSequence
    = "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)";

/// The pieces of SQL one table's triggers are made of.
class TriggerWriter {
public:
    TriggerWriter(const TableShape& shape, std::int64_t capture, const std::string& name)
        : m_shape(shape), m_words(shape), m_capture(capture), m_name(name)
    { }

    std::vector<CaptureTrigger> all() const
    {
        const std::string rekeyed = " WHEN " + m_words.uniqueChanged();
        return {trigger("will_insert", "BEFORE INSERT", {}, keepReplaced({})),
                trigger("insert", "AFTER INSERT", {}, inserted({})),
                trigger("will_rekey", "BEFORE UPDATE", rekeyed,
                        keepReplaced(" AND NOT (" + m_words.sameKey(table(), "OLD") + ")")),
                trigger("rekey", "AFTER UPDATE", rekeyed, inserted(keyMoved())),
                trigger("update", "AFTER UPDATE", " WHEN NOT (" + m_words.uniqueChanged() + ")",
                        line(LogOp::Modify, "OLD", "NEW")),
                trigger("delete", "AFTER DELETE", {}, deleted())};
    }

private:
    std::string table() const { return quotedName(m_shape.name); }

    CaptureTrigger trigger(const char* what, const char* when, const std::string& condition,
                           const std::string& body) const
    {
        const std::string name = fmt::format("_coldframe_{}_{}", what, m_name);
        return {name,
                fmt::format("CREATE TRIGGER {} {} ON {}{} BEGIN\n{}END", quotedName(name), when,
                            table(), condition, body)};
    }

    std::string into(bool oldRow, bool newRow) const
    {
        return fmt::format("  INSERT INTO \"{}\"(capture, op, at{}{})\n    ", kLogTable,
                           oldRow ? m_words.logColumns('o') : "",
                           newRow ? m_words.logColumns('n') : "");
    }
    std::string head(const std::string& op) const
    {
        return fmt::format("SELECT {}, {}, julianday('now')", m_capture, op);
    }
    static std::string number(LogOp op) { return std::to_string(static_cast<int>(op)); }

    /// One line about the rows OLD and NEW; either may be empty.
    std::string line(LogOp op, const std::string& oldRow, const std::string& newRow,
                     const std::string& condition = {}) const
    {
        return into(!oldRow.empty(), !newRow.empty()) + head(number(op))
            + (oldRow.empty() ? "" : m_words.values(oldRow))
            + (newRow.empty() ? "" : m_words.values(newRow)) + condition + ";\n";
    }

    /// Before: keep the rows that stand where NEW wants to go. What earlier statements left behind
    /// for the same place is out of date; the rest of it is kept short.
    std::string keepReplaced(const std::string& butNot) const
    {
        return fmt::format(
            "  DELETE FROM \"{0}\" WHERE capture = {1}\n    AND ({2} OR n <= (SELECT max(n) "
            "FROM \"{0}\") - 64);\n"
            "  INSERT INTO \"{0}\"(capture{3})\n    SELECT {1}{4} FROM {5} WHERE ({6}){7};\n",
            kReplacedTable, m_capture, outOfDate(), m_words.logColumns('o'),
            m_words.values(table()), table(), m_words.conflictOfTable(), butNot);
    }

    /// A number that SQLite has yet to give out (-1 before the insert) is that of no row there is.
    std::string outOfDate() const
    {
        std::string sql = m_words.conflictOfKept();
        if (m_shape.numbered)
            sql += fmt::format(" OR (NEW.{} = -1 AND NOT EXISTS (SELECT 1 FROM {} AS t WHERE {}))",
                               quotedName(m_shape.columns[m_shape.keyColumns().front()].name),
                               table(), m_words.tableHasKeyOfKept("t", kReplacedTable));
        return sql;
    }

    /// After: rows that had to go are removed, but for the one whose key NEW took over: that is one
    /// modification. With recursive_triggers the delete trigger has told them too soon.
    std::string inserted(const std::string& before) const
    {
        const std::string kept = quotedName(kReplacedTable);
        const std::string mine
            = fmt::format("r.capture = {} AND ({})", m_capture, m_words.conflictOf("r"));
        std::string sql = fmt::format(
            "  DELETE FROM \"{}\" WHERE sequence IN\n    (SELECT removed FROM {} AS r WHERE {} "
            "AND removed IS NOT NULL);\n",
            kLogTable, kept, mine);
        sql += into(true, false) + head(number(LogOp::Remove)) + m_words.keptValues("r")
            + fmt::format(" FROM {} AS r\n    WHERE {} AND NOT ({})\n    AND NOT EXISTS (SELECT 1 "
                          "FROM {} AS t WHERE {});\n",
                          kept, mine, m_words.keptHasKeyOf("r", "NEW"), table(),
                          m_words.tableHasKeyOfKept("t", "r"));
        sql += before;
        sql += into(true, true)
            + head(fmt::format("CASE WHEN r.capture IS NULL THEN {} ELSE {} END",
                               number(LogOp::Insert), number(LogOp::Modify)))
            + m_words.keptValues("r") + m_words.values("NEW")
            + fmt::format("\n    FROM (SELECT 1) LEFT JOIN {} AS r ON r.capture = {} AND {}{};\n",
                          kept, m_capture, m_words.keptHasKeyOf("r", "NEW"),
                          before.empty() ? "" : "\n    WHERE " + m_words.keyChanged());
        sql += fmt::format("  DELETE FROM {} WHERE capture = {} AND ({});\n", kept, m_capture,
                           m_words.conflictOfKept());
        return sql;
    }

    /// An update that moves a row to another key removes the one and inserts the other.
    std::string keyMoved() const
    {
        return line(LogOp::Remove, "OLD", {}, " WHERE " + m_words.keyChanged())
            + line(LogOp::Modify, "OLD", "NEW", " WHERE NOT (" + m_words.keyChanged() + ")");
    }

    std::string deleted() const
    {
        return line(LogOp::Remove, "OLD", {})
            + fmt::format("  UPDATE \"{}\" SET removed = last_insert_rowid() WHERE capture = {} "
                          "AND {};\n",
                          kReplacedTable, m_capture, m_words.keptHasKeyOf(kReplacedTable, "OLD"));
    }

    const TableShape& m_shape;
    ConditionWriter m_words;
    std::int64_t m_capture;
    const std::string& m_name;
};

} // namespace

std::vector<CaptureTrigger> captureTriggers(const TableShape& shape, std::int64_t capture,
                                            const std::string& name)
{
    return TriggerWriter(shape, capture, name).all();
}

std::vector<std::string> createCaptureTables(std::size_t columns)
{
    std::string both, old;
    for (std::size_t i = 1; i <= columns; ++i) {
        both += fmt::format(", o{0}, n{0}", i);
        old += fmt::format(", o{}", i);
    }
    return {fmt::format("CREATE TABLE \"{}\"(id INTEGER PRIMARY KEY, table_name TEXT, owner TEXT, "
                        "columns TEXT, since REAL, former TEXT)",
                        kCapturesTable),
            fmt::format("CREATE TABLE \"{}\"(sequence INTEGER PRIMARY KEY, capture INTEGER, op "
                        "INTEGER, at REAL{})",
                        kLogTable, both),
            fmt::format("CREATE TABLE \"{}\"(n INTEGER PRIMARY KEY, capture INTEGER, removed "
                        "INTEGER{})",
                        kReplacedTable, old),
            fmt::format("INSERT INTO \"{}\"(sequence, capture, op) VALUES ({}, 0, 0)", kLogTable,
                        kFirstSequence)};
}

std::vector<std::string> widenCaptureTables(std::size_t from, std::size_t to)
{
    std::vector<std::string> statements;
    for (std::size_t i = from + 1; i <= to; ++i) {
        statements.push_back(fmt::format("ALTER TABLE \"{}\" ADD COLUMN o{}", kLogTable, i));
        statements.push_back(fmt::format("ALTER TABLE \"{}\" ADD COLUMN n{}", kLogTable, i));
        statements.push_back(fmt::format("ALTER TABLE \"{}\" ADD COLUMN o{}", kReplacedTable, i));
    }
    return statements;
}

std::vector<std::string> dropCaptureTables()
{
    std::vector<std::string> statements;
    for (const char* table : {kLogTable, kReplacedTable, kCapturesTable})
        statements.push_back(fmt::format("DROP TABLE IF EXISTS \"{}\"", table));
    return statements;
}

} // namespace coldframe::changes
