#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "process/launch.h"
#include "process/orphans.h"
#include "process/spawn.h"
#include "process/status_record.h"

namespace coldframe::process {

/// Outlives its Process until the reaper is collected; pending handlers keep it.
class Process::State : public std::enable_shared_from_this<Process::State> {
public:
    State(boost::asio::io_context& io, LaunchSpec spec, std::string program,
          ProcessCallbacks callbacks, SpawnedReaper reaper, Duration launchedAt);

    void begin();
    void release(); ///< its Process is gone: no more callbacks, kill the tree
    void kill();
    void terminate(Duration grace);
    void order(char what); ///< to the reaper; nothing when it is gone
    bool hasShare() const { return m_spec.cpuShareMillionths > 0; }
    void drainOutput();
    void setPaused(bool paused);

    pid_t pid() const { return m_end ? 0 : m_pid; }
    pid_t reaperPid() const { return m_signs.reaper; }
    Duration spawnTime() const { return m_spawnTime; }

private:
    struct Pipe {
        Stream stream;
        boost::asio::posix::stream_descriptor descriptor;
        bool waiting = false;
    };

    enum class Read : std::uint8_t { Some, Nothing, End };

    void waitForRecords();
    Read readRecords();
    void accept(const StatusRecord& record);
    void waitForOutput(Pipe& pipe);
    bool readOnce(Pipe& pipe);
    void collectReaper();
    void clearOrphans();
    void removeFolder();
    void collectRemoval(pid_t remover);
    void finish(ExitReport report);
    ExitReport reportOf(const StatusRecord& end) const;
    void retry(Duration after, void (State::*step)());

    LaunchSpec m_spec;
    std::string m_program;
    ProcessCallbacks m_callbacks;
    Signs m_signs;
    boost::asio::posix::stream_descriptor m_channel;
    Pipe m_output;
    Pipe m_errors;
    boost::asio::steady_timer m_deadline; ///< of terminate(), then of kill()
    boost::asio::steady_timer m_retry;
    Duration m_launchedAt; ///< CLOCK_MONOTONIC, as the reaper's records
    Duration m_startedAt{};
    Duration m_spawnTime{};
    Duration m_collectRetry{};
    pid_t m_pid = 0;
    std::optional<StatusRecord> m_end; ///< Exited or StartFailed
    int m_rounds = 0; ///< of looking for orphans
    bool m_owned = true; ///< a Process holds this: callbacks may be called
    bool m_paused = false;
    bool m_collecting = false;
    bool m_finished = false;
};

} // namespace coldframe::process
