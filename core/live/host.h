#pragma once

#include <utility> // before asio: Boost 1.74 with GCC 12 needs it

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "engine/input.h"
#include "live/debug.h"
#include "live/desk.h"
#include "live/error_documents.h"
#include "live/log_buffer.h"
#include "live/runtime_api.h"
#include "live/turns.h"
#include "process/launch.h"
#include "process/tree_meter.h"

namespace coldframe::live {

/// What differs from instance to instance.
struct InstanceDetails {
    std::string runtimeApi; ///< "127.0.0.1:41234"; empty for `command`
    std::string temporaryFolder;
    std::uint32_t serial = 0;
    bool provisioned = false; ///< started ahead of any event, as provisioned concurrency asks
};

/// Everything needed to run instances of one function. Shared by them.
struct HostSettings {
    std::string functionName, functionArn;
    bool command = false; ///< one process per attempt instead of a runtime that asks for work
    Debugger debugger = Debugger::None;
    std::vector<std::string> argv;
    std::string workingFolder;
    /// The whole environment of one instance; what differs is handed in.
    std::function<std::vector<std::string>(const InstanceDetails&)> environment;
    std::string temporaryRoot; ///< instances get a folder of their own under it
    std::uint32_t memoryMb = 128;
    std::uint32_t cpuShareMillionths = 0; ///< of a core, while it works; 0: all there is
    Duration sandboxWait{}; ///< really waited before the process is made
    RuntimeApiLimits limits;
    std::string notStartable; ///< why no instance of it can be made, and what to do; else empty
};

/// How a process ended.
struct Death {
    int code = 0;
    int signal = 0;
    std::string notStarted; ///< why the program never ran, and what to do; else empty
};

/// How an attempt ended in the instance, as far as the instance knows.
struct HostResult {
    engine::WorkStatus status = engine::WorkStatus::Succeeded;
    std::string payload;
    std::string errorType;
    Duration wall{}, cpu{}, runQueueWait{};
    std::uint32_t peakMemoryKb = 0;
    bool overMemory = false; ///< it passed its limit: the platform would have killed it
};

class Host;

/// What a host tells its driver. Everything on the live thread.
class HostOwner {
public:
    virtual ~HostOwner() = default;
    virtual void deskWaits(Host& host, bool waits) = 0;
    virtual void initStarted(Host& host) = 0;
    /// `runQueueWait`: how long its init waited for a core, as far as is known.
    virtual void ready(Host& host, Duration runQueueWait) = 0;
    /// `reported` is what the runtime said; empty when its process just ended.
    virtual void initFailed(Host& host, engine::InitFailure why, const Death& death,
                            ErrorDocument reported)
        = 0;
    virtual void workStarted(Host& host) = 0;
    struct DebugNews {
        std::string why; ///< of a failure
        std::uint16_t port = 0; ///< where it really listens; 0: where it was told to
    };
    /// How holding the attempt for a debugger goes.
    virtual void debugging(Host& host, DebugPhase phase, DebugNews news) = 0;
    virtual void finished(Host& host, HostResult result) = 0;
    /// The process ended outside init, with the attempt it was serving, if any.
    virtual void died(Host& host, const Death& death, bool outOfMemory, HostResult soFar) = 0;
    /// The process is gone and the host may be destroyed. Always last, once, after stop().
    virtual void gone(Host& host) = 0;
};

/// One instance as a real process. Belongs to the live thread.
class Host : public DeskUser {
public:
    struct Context {
        boost::asio::io_context& io;
        Desk& desk;
        Turns& turns;
        HostOwner& owner;
    };
    Host(Context context, InstanceId id, std::shared_ptr<const HostSettings> settings,
         std::string token);
    ~Host() override;

    InstanceId id() const { return m_id; }
    const HostSettings& settings() const { return *m_settings; }
    Duration spawnTime() const { return m_spawn; }
    Duration deskWait() const { return m_deskWait; }
    LogBuffer& log() { return m_log; }

    void setProvisioned(bool provisioned) { m_provisioned = provisioned; } ///< before start()
    /// Makes the process, or waits for the desk; the engine's Start.
    virtual void start() = 0;
    /// Kills the process, if any, and starts again; Start with `reinit`.
    virtual void restart() = 0;
    virtual void deliver(Delivery delivery) = 0;
    /// The attempt that waits for a debugger goes on without.
    virtual void releaseDebugger() { }
    /// Ends it all; gone() follows, perhaps from within.
    void stop();
    /// Memory in use now, for the watch and the screen; 0 without a process.
    std::uint32_t residentKb();
    /// Takes in what it has printed so far.
    void drainOutput();
    /// It passed its memory limit.
    void killForMemory();
    bool hasProcess() const { return m_process != nullptr; }
    /// It waits for its next event, and nothing of it runs.
    virtual bool atRest() const = 0;

protected:
    using Moment = std::chrono::steady_clock::time_point;
    static Moment now() { return std::chrono::steady_clock::now(); }
    process::LaunchSpec launchSpec(const std::string& runtimeApi);
    /// The instance is to end: nobody is to be answered any more.
    virtual void abandon() { }

    Context m_context;
    InstanceId m_id;
    std::shared_ptr<const HostSettings> m_settings;
    std::string m_token;
    LogBuffer m_log;
    /// Runs `then` after the wait that the settings ask for before an instance's first process.
    void afterSandbox(std::function<void()> then);

    std::shared_ptr<boost::asio::steady_timer> m_sandbox;
    std::unique_ptr<process::Process> m_process;
    std::optional<process::TreeMeter> m_meter; ///< while there is a process
    bool m_stopping = false, m_outOfMemory = false;
    bool m_provisioned = false;
    Duration m_spawn{}, m_deskWait{};
    std::uint32_t m_launches = 0;
};

/// The kind of host that the settings ask for.
std::unique_ptr<Host> makeHost(Host::Context context, InstanceId id,
                               std::shared_ptr<const HostSettings> settings, std::string token);

} // namespace coldframe::live
