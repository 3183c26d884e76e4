#pragma once

#include "live/host.h"

namespace coldframe::live {

/// An instance whose runtime asks for work through the Runtime API: python, node, lambda.
class ApiHost final : public Host {
public:
    using Host::Host;

    void start() override;
    void restart() override;
    void deliver(Delivery delivery) override;

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

    std::unique_ptr<RuntimeApi> m_api;
    Phase m_phase = Phase::Init;
    bool m_initAnnounced = false, m_initFailed = false;
    bool m_working = false; ///< the event has been handed over
    bool m_parked = false; ///< no process though the engine counts on one
    bool m_parking = false; ///< its process has been told to end, and has not ended yet
    bool m_restarting = false;
    Moment m_launchedAt{}, m_waitsSince{}, m_workStartedAt{};
    HostResult m_measured;
    std::uint32_t m_served = 0;
};

} // namespace coldframe::live
