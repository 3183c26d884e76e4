#pragma once

#include <memory>

#include "session/http_gateway.h"
#include "session/trigger_set.h"

namespace coldframe::session {

/// Makes events of requests to a port on this machine, and answers them.
class HttpRunner final : public TriggerRunner {
public:
    HttpRunner(Run& run, HttpGateway& gateway, Trigger trigger, HttpTrigger settings);
    ~HttpRunner() override;

    void start() override;
    void stop() override;
    void beat() override;
    void fill(TriggerView& view) const override;

private:
    void listen();
    void answered(const std::string& problem);

    Run& m_run;
    HttpGateway& m_gateway;
    Trigger m_trigger;
    HttpTrigger m_settings;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true); ///< answers may come later
    bool m_wanted = false;
    std::string m_url; ///< while it listens
    std::string m_trouble; ///< why it does not
    std::string m_badResult; ///< of the last answer that had one
    int m_beats = 0;
};

} // namespace coldframe::session
