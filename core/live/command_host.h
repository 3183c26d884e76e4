#pragma once

#include <optional>

#include "live/host.h"
#include "process/tree_meter.h"

namespace coldframe::live {

/// An instance of runtime `command`: a place to work in, and one process per attempt. The event is
/// its stdin, its stdout the result, exit code 0 success.
class CommandHost final : public Host {
public:
    using Host::Host;

    void start() override;
    void restart() override { start(); }
    void deliver(Delivery delivery) override;
    void stop() override;
    std::uint32_t residentKb() override;
    void drainOutput() override
    {
        if (m_process)
            m_process->drainOutput();
    }
    void killForMemory() override;
    bool hasProcess() const override { return m_process != nullptr; }

    void slotGranted() override;
    void park() override { } // holds a slot only while it works

private:
    void spawn();
    void exited(const process::ExitReport& report);

    std::unique_ptr<process::Process> m_process;
    std::optional<process::TreeMeter> m_meter;
    Delivery m_delivery;
    std::string m_output;
    bool m_tooLarge = false, m_stopping = false, m_outOfMemory = false;
    Moment m_launchedAt{}, m_waitsSince{}, m_workStartedAt{};
};

} // namespace coldframe::live
