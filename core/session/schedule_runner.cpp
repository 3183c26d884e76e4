#include "session/schedule_runner.h"

#include <fmt/format.h>

#include "session/run.h"
#include "sources/event_text.h"
#include "sources/scheduled_event.h"

namespace coldframe::session {

namespace {

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
        m_timer.emplace(std::move(*parsed));
    else
        m_problem = describe(parsed.error());
}

void ScheduleRunner::start()
{
    if (m_timer)
        m_timer->start(m_run.civilNow());
}

void ScheduleRunner::stop()
{
    if (m_timer)
        m_timer->stop();
}

void ScheduleRunner::beat()
{
    const auto due = m_timer ? m_timer->look(m_run.civilNow()) : std::nullopt;
    if (!due)
        return;
    if (!due->missed || m_settings.fireMissedOnce)
        return fire(due->at);
    m_run.notice(Notice::Severity::Warning,
                 fmt::format("{} was due at {} and is skipped: the machine was asleep or its "
                             "clock was set",
                             m_trigger.name, sources::isoSeconds(due->at)),
                 "set onMissed to fire-once to catch up");
}

void ScheduleRunner::fireNow()
{
    fire(m_run.civilNow());
}

void ScheduleRunner::fire(TimePoint due)
{
    submit(m_run, m_trigger,
           m_settings.event.empty() ? sources::scheduledEvent(m_trigger.name, due)
                                    : m_settings.event,
           {});
}

std::optional<TimePoint> ScheduleRunner::nextDue() const
{
    return m_timer ? m_timer->next() : std::nullopt;
}

void ScheduleRunner::fill(TriggerView& view) const
{
    view.message = m_problem;
    if (m_timer)
        view.nextFires = m_timer->nextTimes(m_run.civilNow(), 5);
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
