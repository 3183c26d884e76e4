#include "live/gdbserver.h"

#include <array>
#include <cstdlib>
#include <filesystem>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

namespace coldframe::live {

namespace {

std::string pathVariable()
{
    const char* path = std::getenv("PATH");
    return fmt::format("PATH={}", path ? path : "/usr/local/bin:/usr/bin:/bin");
}

std::string_view trimmed(std::string_view text)
{
    return text.substr(0, text.find_last_not_of('\n') + 1);
}

} // namespace

Result<std::unique_ptr<Gdbserver>> Gdbserver::attach(boost::asio::io_context& io, Target target,
                                                     Callbacks callbacks)
{
    std::unique_ptr<Gdbserver> server(new Gdbserver(std::move(callbacks)));
    process::LaunchSpec spec;
    spec.argv = {"gdbserver", "--once", "--attach", fmt::format("127.0.0.1:{}", target.port),
                 fmt::format("{}", target.pid)};
    spec.workingFolder = std::string("/");
    spec.environment = {pathVariable(), "LC_ALL=C"}; // its words are read
    spec.token = std::move(target.token);
    process::ProcessCallbacks on;
    on.onOutput
        = [it = server.get()](process::Stream, std::string_view text) { it->printed(text); };
    on.onExit = [it = server.get()](const process::ExitReport&) { it->ended(); };
    auto launched = process::launch(io, std::move(spec), std::move(on));
    if (!launched) {
        Error error = launched.error();
        error.hint = "install it: `apt install gdbserver`";
        return tl::unexpected(std::move(error));
    }
    server->m_process = std::move(*launched);
    return server;
}

void Gdbserver::ended()
{
    if (m_connected)
        return;
    m_callbacks.failed(
        fmt::format("gdbserver could not attach: {}. Where the kernel lets only parents trace, "
                    "`sysctl kernel.yama.ptrace_scope=0` allows it",
                    trimmed(m_output)));
}

void Gdbserver::printed(std::string_view text)
{
    m_output += text;
    if (!m_listening && m_output.find("Listening on port") != std::string::npos) {
        m_listening = true;
        m_callbacks.listening();
    }
    if (!m_connected && m_output.find("Remote debugging from host") != std::string::npos) {
        m_connected = true;
        m_callbacks.connected();
    }
}

std::string notForGdb(pid_t pid)
{
    std::error_code error;
    const std::string program
        = std::filesystem::read_symlink(fmt::format("/proc/{}/exe", pid), error)
              .filename()
              .string();
    constexpr std::array<std::string_view, 7> kShells
        = {"sh", "bash", "dash", "ash", "zsh", "ksh", "busybox"};
    for (const std::string_view shell : kShells)
        if (program == shell)
            return fmt::format("the bootstrap is a script that {} runs, and gdb would show that "
                               "shell. Let it `exec` the compiled program, or debug what it starts",
                               program);
    return {};
}

} // namespace coldframe::live
