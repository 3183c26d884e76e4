#include "session/schedule_runner.h"

#include <fmt/format.h>

#include "session/run.h"
#include "session/schedule_reading.h"
#include "sources/event_text.h"
#include "sources/scheduled_event.h"

namespace coldframe::session {

namespace {

void submit(Run& run, const Trigger& trigger, TriggerFilter& filter, std::string body,
            std::vector<SourceMark> marks = {})
{
    if (const auto why = filter.judge()(body)) {
        if (!marks.empty())
            run.journal().note(std::move(marks)); // it has fired all the same
        return filter.leaveOut("an event", *why);
    }
    const FunctionId function = run.workspace()->functionId(trigger.function);
    if (function == kNoFunction)
        return;
    live::Event event;
    event.body = std::make_shared<const std::string>(std::move(body));
    event.trigger = run.triggers().indexOf(trigger.name);
    event.source = trigger.name;
    event.marks = std::move(marks);
    if (auto refused = run.submit(function, engine::Delivery::Async, std::move(event)))
        run.notice(*refused, Notice::Severity::Error);
}

std::string onceSource(const Trigger& trigger)
{
    return "schedule " + trigger.name;
}

/// Another time or zone is another schedule, which has not fired yet.
std::string onceKey(const ScheduleTrigger& schedule)
{
    return schedule.expression + ' ' + schedule.timezone;
}

} // namespace

ScheduleRunner::ScheduleRunner(Run& run, Trigger trigger, ScheduleTrigger schedule)
    : m_run(run), m_trigger(std::move(trigger)), m_filter(run, m_trigger),
      m_settings(std::move(schedule))
{
    auto read = readSchedule(m_settings);
    if (read) {
        m_once = read->isOnce();
        m_timer.emplace(std::move(*read),
                        windowOf(m_settings, run.workspace()->seed, m_trigger.name));
    } else {
        m_problem = describe(read.error());
    }
}

void ScheduleRunner::start()
{
    if (!m_timer)
        return;
    const TimePoint now = m_run.civilNow();
    if (m_once && m_past.empty())
        startOnce(now);
    m_timer->start(now);
}

/// That it has fired is in the journal, with the event: it survives whatever ends the program.
void ScheduleRunner::startOnce(TimePoint now)
{
    const std::string once = onceKey(m_settings);
    const auto marks = m_run.journal().marks(onceSource(m_trigger));
    if (!marks)
        m_run.notice(marks.error(), Notice::Severity::Error);
    for (const SourceMark& mark : marks ? *marks : std::vector<SourceMark>())
        if (mark.key == once) {
            m_past = "It fired at " + mark.value;
            return m_timer->over();
        }
    const auto due = readSchedule(m_settings)->next(TimePoint::min());
    if (!due || !m_timer->nextTimes(now, 1).empty())
        return;
    if (m_settings.fireMissedOnce)
        return fireOnce(*due);
    m_past = fmt::format("{} is past: it does not fire", m_settings.expression);
    m_timer->over();
    m_run.notice(Notice::Severity::Warning, m_trigger.name + ": " + m_past,
                 "write a time to come, or set onMissed to fire-once to catch up");
}

void ScheduleRunner::fireOnce(TimePoint due)
{
    const std::string fired = sources::isoSeconds(m_run.civilNow());
    m_past = "It fired at " + fired;
    m_timer->over();
    fire(due, {{onceSource(m_trigger), onceKey(m_settings), fired}});
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
        return m_once ? fireOnce(due->at) : fire(due->at);
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

void ScheduleRunner::fire(TimePoint due, std::vector<SourceMark> marks)
{
    submit(m_run, m_trigger, m_filter,
           m_settings.event.empty() ? sources::scheduledEvent(m_trigger.name, due)
                                    : m_settings.event,
           std::move(marks));
}

std::optional<TimePoint> ScheduleRunner::nextDue() const
{
    return m_timer ? m_timer->next() : std::nullopt;
}

void ScheduleRunner::fill(TriggerView& view) const
{
    view.message = m_problem.empty() ? m_past : m_problem;
    if (m_timer)
        view.nextFires = m_timer->nextTimes(m_run.civilNow(), 5);
}

ManualRunner::ManualRunner(Run& run, Trigger trigger, ManualTrigger manual)
    : m_run(run), m_trigger(std::move(trigger)), m_filter(run, m_trigger),
      m_event(manual.event.empty() ? "{}" : std::move(manual.event))
{ }

void ManualRunner::fireNow()
{
    submit(m_run, m_trigger, m_filter, m_event);
}

} // namespace coldframe::session
