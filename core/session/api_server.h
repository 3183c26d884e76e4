#pragma once

#include <cstdint>
#include <memory>

#include "model/error.h"

namespace coldframe::session {

class Run;

/// The Invoke API of a run: what others send from outside. On the live thread.
class ApiServer {
public:
    explicit ApiServer(Run& run);
    ~ApiServer();

    /// Begins to listen; 0 takes any free port. Returns the port.
    /// Errors: Unavailable for a taken or forbidden port, LimitReached, Io.
    Result<std::uint16_t> listen(std::uint16_t port);
    /// Drops all callers. Their calls run to their end.
    void close();

private:
    class Backend;
    std::unique_ptr<Backend> m_backend;
};

} // namespace coldframe::session
