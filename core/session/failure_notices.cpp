#include "session/failure_notices.h"

#include <utility>

#include <fmt/format.h>

#include "session/failure_text.h"
#include "session/run.h"

namespace coldframe::session {

namespace {
constexpr Duration kSameAgain = std::chrono::minutes(1);
}

void FailureNotices::failed(const live::Event& event, const std::string& next)
{
    if (event.trigger < 0 || event.debugged || event.resultError.empty())
        return;
    Told& told = m_told[event.source];
    if (std::exchange(told.failing, true))
        return;
    std::string why = failureText(event.resultError, event.result);
    const TimePoint now = m_run.driver().now();
    if (why == told.why && now - told.at < kSameAgain)
        return;
    m_run.notice(Notice::Severity::Warning,
                 fmt::format("{}: {} failed ({})", event.source,
                             event.sourceKey.empty() ? "its event" : event.sourceKey, why),
                 next);
    told.why = std::move(why);
    told.at = now;
}

void FailureNotices::succeeded(const live::Event& event)
{
    if (const auto it = m_told.find(event.source); it != m_told.end())
        it->second.failing = false;
}

} // namespace coldframe::session
