#pragma once

#include "live/host.h"

namespace coldframe::live {

/// An instance of runtime `command`: a place to work in, and one process per attempt. The event is
/// its stdin, its stdout the result, exit code 0 success.
class CommandHost final : public Host {
public:
    using Host::Host;

    void start() override;
    void restart() override;
    void deliver(Delivery delivery) override;
    bool atRest() const override { return !hasProcess(); }

    void slotGranted() override;
    void park() override { } // holds a slot only while it works

private:
    void spawn();
    void exited(const process::ExitReport& report);

    Delivery m_delivery;
    std::string m_output;
    bool m_tooLarge = false;
    Moment m_launchedAt{}, m_waitsSince{}, m_workStartedAt{};
};

} // namespace coldframe::live
