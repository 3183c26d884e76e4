#include "sources/waiting_files.h"

#include <algorithm>

namespace coldframe::sources {

namespace {

/// A sweep looks at every entry, so thousands with a due time each share one.
constexpr auto kBetweenSweeps = std::chrono::milliseconds(5);

} // namespace

void WaitingFiles::add(const std::string& key, const Waiting& waiting)
{
    const std::lock_guard lock(m_mutex);
    m_files[key] = waiting;
    m_next = std::min(m_next, waiting.due);
}

void WaitingFiles::erase(const std::string& key)
{
    const std::lock_guard lock(m_mutex);
    m_files.erase(key);
}

void WaitingFiles::clear()
{
    const std::lock_guard lock(m_mutex);
    m_files.clear();
}

bool WaitingFiles::anyOf(const std::function<bool(const std::string& key)>& wanted) const
{
    const std::lock_guard lock(m_mutex);
    return std::ranges::any_of(m_files, [&](const auto& file) { return wanted(file.first); });
}

std::optional<WaitingFiles::Clock::time_point> WaitingFiles::nextDue() const
{
    const std::lock_guard lock(m_mutex);
    return next();
}

std::optional<WaitingFiles::Clock::time_point> WaitingFiles::next() const
{
    if (m_files.empty())
        return std::nullopt;
    return std::max(m_next, m_lastSweep + kBetweenSweeps);
}

std::vector<std::pair<std::string, WaitingFiles::Waiting>>
WaitingFiles::takeDue(Clock::time_point now)
{
    const std::lock_guard lock(m_mutex);
    std::vector<std::pair<std::string, Waiting>> due;
    const auto first = next();
    if (!first || *first > now)
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
