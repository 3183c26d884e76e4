#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "session/sink.h"
#include "tables/row_writer.h"

namespace coldframe::session {

/// A store that is a database. What comes while a transaction is under way goes into the next one
/// together; a locked database, or a server that does not answer, holds up one thread at most.
class TableSink final : public Sink, public std::enable_shared_from_this<TableSink> {
public:
    using Threads = std::function<void(std::function<void()>)>;
    TableSink(std::unique_ptr<tables::RowWriter> writer, Threads threads)
        : m_threads(std::move(threads)), m_writer(std::move(writer))
    { }

    void write(std::shared_ptr<const Outgoing> outgoing, const Destination& destination,
               Delivered done) override;

private:
    struct Waiting {
        std::shared_ptr<const Outgoing> outgoing;
        TableDestination to;
        Delivered done;
    };
    void drain();
    std::vector<Waiting> next();
    void writeTogether(std::vector<Waiting> together);

    const Threads m_threads; ///< to write on
    const std::unique_ptr<tables::RowWriter> m_writer; ///< of the thread that drains; null: refuses
    std::mutex m_mutex; ///< of what follows
    std::deque<Waiting> m_waiting;
    bool m_draining = false;
};

} // namespace coldframe::session
