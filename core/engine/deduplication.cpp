#include "engine/deduplication.h"

namespace coldframe::engine {

std::optional<MessageId> Deduplication::find(TimePoint now, Duration window, std::uint64_t id) const
{
    const auto found = m_byId.find(id);
    if (found == m_byId.end())
        return std::nullopt;
    const Duration since = now - found->second.at;
    return since >= Duration::zero() && since <= window ? std::optional(found->second.message)
                                                        : std::nullopt;
}

void Deduplication::add(TimePoint now, Duration window, std::uint64_t id, MessageId message)
{
    for (; m_first < m_seen.size() && now - m_seen[m_first].at > window; ++m_first) {
        const auto old = m_byId.find(m_seen[m_first].id);
        if (old != m_byId.end() && old->second.message == m_seen[m_first].message)
            m_byId.erase(old);
    }
    if (m_first > 1024 && m_first > m_seen.size() / 2) {
        m_seen.erase(m_seen.begin(), m_seen.begin() + static_cast<std::ptrdiff_t>(m_first));
        m_first = 0;
    }
    m_seen.push_back({id, message, now});
    m_byId[id] = m_seen.back();
}

} // namespace coldframe::engine
