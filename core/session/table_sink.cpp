#include "session/table_sink.h"

#include <algorithm>

#include "session/table_rows.h"

namespace coldframe::session {

namespace {

constexpr std::size_t kMostTogether = 200; ///< results in a transaction
constexpr std::size_t kMostBytes = std::size_t{16} << 20; ///< of their payloads

tables::Target targetOf(const TableDestination& to)
{
    tables::Target target{to.table, {}, to.key, to.create};
    for (const TableColumn& column : to.columns)
        target.columns.push_back(column.name);
    return target;
}

} // namespace

void TableSink::write(std::shared_ptr<const Outgoing> outgoing, const Destination& destination,
                      Delivered done)
{
    if (!m_writer)
        return done(Trouble{{.code = Error::Code::Conflict,
                             .message = "a test writes nothing into a database server",
                             .hint = "what it returned is its result all the same"},
                            true});
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back(
            {std::move(outgoing), std::get<TableDestination>(destination), std::move(done)});
        if (std::exchange(m_draining, true))
            return;
    }
    m_threads([self = shared_from_this()] { self->drain(); });
}

/// One transaction, then others get their turn at the thread.
void TableSink::drain()
{
    writeTogether(next());
    {
        const std::lock_guard lock(m_mutex);
        m_draining = !m_waiting.empty();
        if (!m_draining)
            return;
    }
    m_threads([self = shared_from_this()] { self->drain(); });
}

std::vector<TableSink::Waiting> TableSink::next()
{
    const std::lock_guard lock(m_mutex);
    std::vector<Waiting> together;
    for (std::size_t bytes = 0;
         !m_waiting.empty() && together.size() < kMostTogether && bytes < kMostBytes;
         m_waiting.pop_front()) {
        bytes += m_waiting.front().outgoing->payload().size();
        together.push_back(std::move(m_waiting.front()));
    }
    return together;
}

void TableSink::writeTogether(std::vector<Waiting> together)
{
    std::vector<tables::Write> writes;
    std::vector<const Waiting*> written; ///< by index of writes
    for (const Waiting& one : together) {
        auto rows = rowsOf(*one.outgoing, one.to);
        if (!rows) {
            one.done(Trouble{rows.error(), true});
            continue;
        }
        writes.push_back({targetOf(one.to), std::move(*rows)});
        written.push_back(&one);
    }
    const auto failures = m_writer->write(writes);
    for (std::size_t i = 0; i < failures.size(); ++i)
        written[i]->done(failures[i]
                             ? std::optional(Trouble{failures[i]->error, failures[i]->ofRows})
                             : std::nullopt);
}

} // namespace coldframe::session
