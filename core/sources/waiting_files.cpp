#include "sources/waiting_files.h"

#include <algorithm>

namespace coldframe::sources {

namespace {

/// A sweep looks at every entry, so thousands with a due time each share one.
constexpr auto kBetweenSweeps = std::chrono::milliseconds(5);

} // namespace

void WaitingFiles::add(const std::string& key, const Waiting& waiting)
{
    m_files[key] = waiting;
    m_next = std::min(m_next, waiting.due);
}

std::optional<WaitingFiles::Clock::time_point> WaitingFiles::nextDue() const
{
    if (m_files.empty())
        return std::nullopt;
    return std::max(m_next, m_lastSweep + kBetweenSweeps);
}

std::vector<std::pair<std::string, WaitingFiles::Waiting>>
WaitingFiles::takeDue(Clock::time_point now)
{
    std::vector<std::pair<std::string, Waiting>> due;
    const auto next = nextDue();
    if (!next || *next > now)
        return due;
    m_lastSweep = now;
    m_next = Clock::time_point::max();
    for (auto at = m_files.begin(); at != m_files.end();) {
        if (at->second.due <= now) {
            due.emplace_back(at->first, at->second);
            at = m_files.erase(at);
        } else {
            m_next = std::min(m_next, at->second.due);
            ++at;
        }
    }
    return due;
}

} // namespace coldframe::sources
