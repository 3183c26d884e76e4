#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <sys/types.h>

#include "process/launch.h"

namespace coldframe::live {

/// GDB's server, attached to a running program: that stands still until a gdb has connected and
/// lets it go on. Belongs to the thread that runs the io_context. Destroying it lets the program
/// go on.
class Gdbserver {
public:
    struct Callbacks {
        std::function<void()> listening; ///< attached to the program; a gdb may connect
        std::function<void()> connected; ///< a gdb has
        /// It ended before a gdb had connected: why, and what to do.
        std::function<void(std::string why)> failed;
    };
    struct Target {
        pid_t pid = 0;
        std::uint16_t port = 0; ///< on 127.0.0.1
        std::string token; ///< of the server's own sandbox: unique among launches
    };
    /// Callbacks come later, never from within. Errors: gdbserver is not installed.
    static Result<std::unique_ptr<Gdbserver>> attach(boost::asio::io_context& io, Target target,
                                                     Callbacks callbacks);

private:
    explicit Gdbserver(Callbacks callbacks) : m_callbacks(std::move(callbacks)) { }
    void printed(std::string_view text);
    void ended();

    Callbacks m_callbacks;
    std::string m_output;
    bool m_listening = false, m_connected = false;
    std::unique_ptr<process::Process> m_process;
};

/// Why gdb is of no use for this program, and what is; empty when it is. Scripts run in a shell.
std::string notForGdb(pid_t pid);

} // namespace coldframe::live
