#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "model/error.h"

namespace coldframe::session {

class Run;

/// What Amazon SQS would call a queue: a FIFO queue's name ends in ".fifo".
std::string sqsName(const std::string& store, bool fifo);

/// The SQS endpoint of a run: its queues, for its functions and for others. On the live thread.
class QueueServer {
public:
    explicit QueueServer(Run& run);
    ~QueueServer();

    /// Begins to listen; 0 takes any free port. Returns the port.
    /// Errors: Unavailable for a taken or forbidden port, LimitReached, Io.
    Result<std::uint16_t> listen(std::uint16_t port);
    /// The run has its queues now: receivers that wait are told of their messages.
    void adopt();
    /// Ten times a second: messages become visible again without anybody's doing.
    void beat();
    /// Drops all callers.
    void close();

private:
    class Backend;
    std::unique_ptr<Backend> m_backend;
};

} // namespace coldframe::session
