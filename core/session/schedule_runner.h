#pragma once

#include <optional>

#include "session/trigger_set.h"
#include "sources/schedule.h"

namespace coldframe::session {

/// Fires by the civil clock, looked at ten times a second: a clock that is set, and a machine that
/// sleeps, need no special case.
class ScheduleRunner final : public TriggerRunner {
public:
    ScheduleRunner(Run& run, Trigger trigger, ScheduleTrigger schedule);

    void start() override;
    void stop() override { m_started = false; }
    void beat() override;
    void fireNow() override;
    void fill(TriggerView& view) const override;

private:
    void fire(TimePoint due);

    Run& m_run;
    Trigger m_trigger;
    ScheduleTrigger m_settings;
    std::optional<sources::Schedule> m_schedule;
    std::string m_problem;
    std::optional<TimePoint> m_next;
    TimePoint m_lookedAt{};
    bool m_started = false;
};

/// Fires when told to.
class ManualRunner final : public TriggerRunner {
public:
    ManualRunner(Run& run, Trigger trigger, ManualTrigger manual);
    void start() override { }
    void stop() override { }
    void fireNow() override;
    void fill(TriggerView&) const override { }

private:
    Run& m_run;
    Trigger m_trigger;
    std::string m_event;
};

} // namespace coldframe::session
