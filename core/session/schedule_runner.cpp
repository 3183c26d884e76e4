#include "session/schedule_runner.h"

#include <fmt/format.h>

#include "session/run.h"
#include "sources/event_text.h"
#include "sources/scheduled_event.h"

namespace coldframe::session {

namespace {

/// More than this late means that the machine slept or the clock was set.
constexpr Duration kMissed = std::chrono::seconds(30);

TimePoint civilNow()
{
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

void submit(Run& run, const Trigger& trigger, std::string body, std::string key)
{
    const FunctionId function = run.workspace()->functionId(trigger.function);
    if (function == kNoFunction)
        return;
    live::Event event;
    event.body = std::make_shared<const std::string>(std::move(body));
    event.trigger = run.triggers().indexOf(trigger.name);
    event.source = trigger.name;
    event.sourceKey = std::move(key);
    if (auto refused = run.submit(function, engine::Delivery::Async, std::move(event)))
        run.notice(*refused, Notice::Severity::Error);
}

} // namespace

ScheduleRunner::ScheduleRunner(Run& run, Trigger trigger, ScheduleTrigger schedule)
    : m_run(run), m_trigger(std::move(trigger)), m_settings(std::move(schedule))
{
    auto parsed = sources::parseSchedule(m_settings.expression, m_settings.timezone);
    if (parsed)
        m_schedule = std::move(*parsed);
    else
        m_problem = describe(parsed.error());
}

void ScheduleRunner::start()
{
    if (!m_schedule || std::exchange(m_started, true))
        return;
    m_lookedAt = civilNow();
    m_schedule = m_schedule->anchoredAt(m_lookedAt);
    m_next = m_schedule->next(m_lookedAt);
}

void ScheduleRunner::beat()
{
    if (!m_started || !m_next)
        return;
    const TimePoint now = civilNow();
    if (now < m_lookedAt - kMissed) // the clock was set back: arm anew
        m_next = m_schedule->next(now);
    m_lookedAt = now;
    if (!m_next || now < *m_next)
        return;
    const TimePoint due = *m_next;
    m_next = m_schedule->next(now);
    if (now - due <= kMissed || m_settings.fireMissedOnce) {
        fire(due);
    } else {
        m_run.notice(Notice::Severity::Warning,
                     fmt::format("{} was due at {} and is skipped: the machine was asleep or its "
                                 "clock was set",
                                 m_trigger.name, sources::isoSeconds(due)),
                     "set onMissed to fire-once to catch up");
    }
}

void ScheduleRunner::fireNow()
{
    fire(civilNow());
}

void ScheduleRunner::fire(TimePoint due)
{
    submit(m_run, m_trigger,
           m_settings.event.empty() ? sources::scheduledEvent(m_trigger.name, due)
                                    : m_settings.event,
           {});
}

void ScheduleRunner::fill(TriggerView& view) const
{
    view.message = m_problem;
    if (m_schedule)
        view.nextFires = m_schedule->nextTimes(civilNow(), 5);
}

ManualRunner::ManualRunner(Run& run, Trigger trigger, ManualTrigger manual)
    : m_run(run), m_trigger(std::move(trigger)),
      m_event(manual.event.empty() ? "{}" : std::move(manual.event))
{ }

void ManualRunner::fireNow()
{
    submit(m_run, m_trigger, m_event, {});
}

} // namespace coldframe::session
