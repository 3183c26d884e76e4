#pragma once

#include <optional>

#include "session/trigger_filter.h"
#include "session/trigger_set.h"
#include "sources/schedule_timer.h"

namespace coldframe::session {

/// Fires by the clock on the wall, looked at with each beat of the run, ten times a second.
class ScheduleRunner final : public TriggerRunner {
public:
    ScheduleRunner(Run& run, Trigger trigger, ScheduleTrigger schedule);

    void start() override;
    void stop() override;
    void beat() override;
    void fireNow() override;
    std::optional<TimePoint> nextDue() const override;
    void fill(TriggerView& view) const override;

private:
    void fire(TimePoint due, std::vector<SourceMark> marks = {});
    void startOnce(TimePoint now);
    void fireOnce(TimePoint due);

    Run& m_run;
    Trigger m_trigger;
    TriggerFilter m_filter;
    ScheduleTrigger m_settings;
    std::optional<sources::ScheduleTimer> m_timer;
    std::string m_problem; ///< why there is no timer
    bool m_once = false; ///< at(…)
    std::string m_past; ///< of at(…): that it is over, and how
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
    TriggerFilter m_filter;
    std::string m_event;
};

} // namespace coldframe::session
