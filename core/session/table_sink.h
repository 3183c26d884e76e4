#pragma once

#include <deque>
#include <filesystem>
#include <mutex>

#include "session/sink.h"
#include "tables/table_writer.h"

namespace coldframe::session {

/// A store that is a SQLite database. What comes while a transaction is under way goes into the
/// next one together; a locked database holds up one worker at most.
class TableSink final : public Sink, public std::enable_shared_from_this<TableSink> {
public:
    TableSink(std::filesystem::path file, SinkHands hands)
        : m_hands(std::move(hands)), m_writer(std::move(file))
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

    const SinkHands m_hands;
    tables::TableWriter m_writer; ///< of the worker that drains
    std::mutex m_mutex; ///< of what follows
    std::deque<Waiting> m_waiting;
    bool m_draining = false;
};

} // namespace coldframe::session
