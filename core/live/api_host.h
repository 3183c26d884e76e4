#pragma once

#include "live/gdbserver.h"
#include "live/host.h"

namespace coldframe::live {

/// An instance whose runtime asks for work through the Runtime API: python, node, lambda.
class ApiHost final : public Host {
public:
    using Host::Host;

    void start() override;
    void restart() override;
    void deliver(Delivery delivery) override;
    bool atRest() const override;
    void releaseDebugger() override;

    void slotGranted() override;
    void park() override;

private:
    enum class Phase : std::uint8_t { Init, Idle, Busy };

    void wantSlot();
    void wantSlotAgain();
    void spawn();
    void started(pid_t pid);
    void announceInit();
    void asked();
    Duration taken();
    void answered();
    void finish(engine::WorkStatus status, std::string payload, std::string errorType);
    void failInit(engine::InitFailure why, const Death& death, ErrorDocument reported);
    void exited(const process::ExitReport& report);
    void abandon() override;
    RuntimeApiCallbacks callbacks();

    // api_host_debug.cpp
    void holdForGdb();
    void gdbFailed(std::string why);
    void handOver();
    void runtimeDebugs(std::string_view state, std::string why, std::uint16_t port);

    std::unique_ptr<RuntimeApi> m_api;
    Phase m_phase = Phase::Init;
    bool m_initAnnounced = false, m_initFailed = false;
    bool m_working = false; ///< the event has been handed over
    bool m_parked = false; ///< no process though the engine counts on one
    bool m_parking = false; ///< its process has been told to end, and has not ended yet
    bool m_restarting = false;
    bool m_debugging = false; ///< the attempt under way is held, or was, for a debugger
    Moment m_launchedAt{}, m_waitsSince{}, m_workStartedAt{};
    HostResult m_measured;
    std::uint32_t m_served = 0;
    std::optional<Delivery> m_held; ///< until gdbserver is there
    std::unique_ptr<Gdbserver> m_gdbserver;
};

} // namespace coldframe::live
