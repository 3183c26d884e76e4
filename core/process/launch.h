#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "model/error.h"
#include "model/time.h"

namespace boost::asio {
class io_context;
}

namespace coldframe::process {

/// A program to run under a reaper of its own.
struct LaunchSpec {
    /// A first word without a slash is looked up in the PATH of `environment`; one with a slash is
    /// relative to `workingFolder`.
    std::vector<std::string> argv;
    std::string workingFolder; ///< must exist
    std::vector<std::string> environment; ///< "NAME=value": whole and final, nothing is inherited
    std::string temporaryFolder; ///< made by launch(), removed at the end; empty for none
    std::uint64_t dataLimitBytes = 0; ///< RLIMIT_DATA of each process; 0 for none
    std::uint64_t fileLimitBytes = 0; ///< RLIMIT_FSIZE of each process; 0 for none
    /// Millionths of a core that its tree may use between workBegins() and workEnds(); 0 for no
    /// limit.
    std::uint32_t cpuShareMillionths = 0;
    std::string token; ///< unique among all launches; also the environment's COLDFRAME_SANDBOX
    std::optional<std::string> input; ///< all of stdin; without it stdin is /dev/null
};

enum class Stream : std::uint8_t { Output, Errors };

struct ExitReport {
    enum class Kind : std::uint8_t {
        Exited, ///< `code` is its exit code
        Signalled, ///< `signal` ended it
        NotStarted, ///< the program never ran; `error` says why
        ReaperLost, ///< its reaper was killed; what it ran has been killed too
    };
    Kind kind = Kind::Exited;
    int code = 0;
    int signal = 0;
    Error error; ///< of NotStarted and ReaperLost: what happened and what to do
    Duration ran{}; ///< from running to reaped, measured by the reaper; 0 when it cannot know
    Duration cpu{}; ///< of the whole reaped tree, to 1 µs; 0 when the reaper was lost
    std::uint32_t peakKb = 0; ///< largest resident set any one process of the tree reached
};

struct ProcessCallbacks {
    std::function<void(pid_t)> onStarted; ///< the program runs; its pid; before any output
    std::function<void(Stream, std::string_view)> onOutput; ///< as read: no lines, any bytes
    std::function<void(const ExitReport&)> onExit; ///< always last, exactly once
};

/// One program, its tree and its reaper. Belongs to the thread that runs the io_context.
/// Destroying it kills the tree and silences the callbacks, from within a callback too; the
/// io_context then still has to run for the reaper to be collected.
class Process {
public:
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    /// Of the program itself: 0 before onStarted and once its end was reported.
    pid_t pid() const;
    /// Parent of the program and of all that lost its parent; also their first session id.
    pid_t reaperPid() const;
    /// From launch() until the program ran; 0 before onStarted.
    Duration spawnTime() const;

    /// The whole tree at once, those that left the session too. onExit follows.
    void kill();
    /// SIGTERM to the program, and kill() if it has not ended after `grace`.
    void terminate(Duration grace);

    /// Between these the program is held to LaunchSpec::cpuShareMillionths.
    void workBegins();
    void workEnds();

    /// Hands over what lies in the pipes right now and does not wait. Up to 1 MiB a stream, so that
    /// a chatterbox cannot hold the thread; nothing before onStarted or while reading is paused.
    void drainOutput();
    /// Stops reading: the program blocks once its pipes (64 KiB each) are full. What is left in
    /// them at its end is handed over even so, before onExit.
    void pauseOutput();
    void resumeOutput();

private:
    class State;
    friend Result<std::unique_ptr<Process>> launch(boost::asio::io_context&, LaunchSpec,
                                                   ProcessCallbacks);
    explicit Process(std::shared_ptr<State> state);
    std::shared_ptr<State> m_state;
};

/// Starts a program. Call it from a thread that lives as long as the app; returns after about half
/// a millisecond, when the reaper runs. What can be known before is an Error: a missing program,
/// one without execute permission, a missing working folder, a temporary folder that exists
/// already. What only exec can tell arrives as ExitReport::Kind::NotStarted.
Result<std::unique_ptr<Process>> launch(boost::asio::io_context& io, LaunchSpec spec,
                                        ProcessCallbacks callbacks);

} // namespace coldframe::process
