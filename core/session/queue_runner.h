#pragma once

#include "session/trigger_set.h"

namespace coldframe::session {

/// A queue that is read for a function: the engine does that, while the trigger is started.
class QueueRunner final : public TriggerRunner {
public:
    QueueRunner(Run& run, const Trigger& trigger);

    void start() override;
    void stop() override;
    void fill(TriggerView& view) const override;

private:
    Run& m_run;
    std::string m_trigger;
};

} // namespace coldframe::session
