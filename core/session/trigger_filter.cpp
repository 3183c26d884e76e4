#include "session/trigger_filter.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/json_depth.h"
#include "patterns/event_filter.h"
#include "session/run.h"
#include "session/trigger_set.h"

namespace coldframe::session {

TriggerFilter::TriggerFilter(Run& run, const Trigger& trigger)
    : m_run(run), m_trigger(trigger.name), m_judge([](const std::string&) { return std::nullopt; })
{
    if (trigger.filter.empty())
        return;
    auto reading = patterns::EventFilter::parse(trigger.filter, {});
    if (!reading.filter) { // the workspace would have been refused: see readWorkspaceToRun()
        for (const Error& error : reading.errors)
            m_run.notice(error, Notice::Severity::Error);
        return;
    }
    m_judge = [filter = std::move(*reading.filter)](
                  const std::string& event) -> std::optional<std::string> {
        if (isTooDeep(event))
            return fmt::format("the event is nested more than {} deep", kMaxJsonDepth);
        const auto parsed = nlohmann::json::parse(event, nullptr, false);
        if (parsed.is_discarded())
            return "the event is not JSON";
        const auto mismatch = filter.mismatch(parsed);
        return mismatch ? std::optional(describe(*mismatch)) : std::nullopt;
    };
}

void TriggerFilter::leaveOut(const std::string& what, const std::string& why)
{
    m_run.filteredOut(m_run.triggers().indexOf(m_trigger));
    if (std::exchange(m_told, true))
        return;
    m_run.notice(Notice::Severity::Info,
                 fmt::format("{}: its filter leaves out {}: {}", m_trigger, what, why),
                 "what else it leaves out is counted and not told");
}

} // namespace coldframe::session
