#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "sim/figures.h"
#include "sim/stream_figures.h"

namespace coldframe::sim {

/// Keeps the figures of one stream while it is simulated. Times are ns since the run began; calls
/// come in the order of time.
class StreamBook {
public:
    explicit StreamBook(const Window& window)
        : m_window(window), m_since(window.from), m_oldestSince(window.from)
    { }

    void came(std::int64_t at)
    {
        pass(at);
        ++m_backlog;
        if (counts(at)) {
            ++m_figures.records;
            m_figures.peakBacklog = std::max(m_figures.peakBacklog, m_backlog);
        }
    }
    /// `records`: none at the end of a window.
    void handedOver(std::int64_t at, std::size_t records, bool again)
    {
        if (!counts(at) || records == 0)
            return;
        ++m_figures.batches;
        m_figures.batched += records;
        m_figures.retries += again;
    }
    void throttled(std::int64_t at) { m_figures.throttled += counts(at); }
    void failed(std::int64_t at) { m_figures.failed += counts(at); }
    void windowEnded(std::int64_t at) { m_figures.windows += counts(at); }

    enum class Gone : std::uint8_t { Done, Exhausted, TooOld };
    void gone(std::int64_t at, std::int64_t arrivedAt, Gone how)
    {
        pass(at);
        --m_backlog;
        if (!counts(arrivedAt))
            return;
        if (how == Gone::Exhausted) {
            ++m_figures.exhausted;
        } else if (how == Gone::TooOld) {
            ++m_figures.tooOld;
        } else {
            ++m_figures.done;
            m_figures.doneNs += static_cast<std::uint64_t>(at - arrivedAt);
            m_figures.doneAfter.add(at - arrivedAt);
        }
    }
    void left(std::int64_t arrivedAt) { m_figures.left += counts(arrivedAt); }

    /// When the oldest record came that is not done from `at` on; nothing: there is none.
    void oldest(std::int64_t at, std::optional<std::int64_t> arrivedAt)
    {
        if (arrivedAt == m_oldest)
            return;
        endSpan(at);
        m_oldest = arrivedAt;
        m_oldestSince = at;
    }
    /// One shard more, or less, is held up by a batch that failed or was refused.
    void blocked(std::int64_t at, std::int64_t by)
    {
        pass(at);
        m_blocked += by;
        if (counts(at))
            m_figures.peakBlocked = std::max(m_figures.peakBlocked, m_blocked);
    }

    StreamFigures close()
    {
        pass(m_window.to);
        endSpan(m_window.to);
        return std::move(m_figures);
    }

private:
    bool counts(std::int64_t at) const { return at >= m_window.from && at <= m_window.to; }
    void endSpan(std::int64_t at)
    {
        const std::int64_t from = std::max(m_oldestSince, m_window.from);
        const std::int64_t to = std::min(at, m_window.to);
        if (m_oldest && to > from)
            m_figures.age.add(from - *m_oldest, to - *m_oldest);
    }
    void pass(std::int64_t to)
    {
        const std::int64_t at = std::min(to, m_window.to);
        if (at <= m_since)
            return;
        const auto length = static_cast<std::uint64_t>(at - m_since);
        m_figures.backlogNs
            += static_cast<cost::Wide>(length) * static_cast<std::uint64_t>(m_backlog);
        m_figures.blockedNs
            += static_cast<cost::Wide>(length) * static_cast<std::uint64_t>(m_blocked);
        m_figures.anyBlockedNs += m_blocked > 0 ? at - m_since : 0;
        m_figures.peakBacklog = std::max(m_figures.peakBacklog, m_backlog);
        m_figures.peakBlocked = std::max(m_figures.peakBlocked, m_blocked);
        m_since = at;
    }

    Window m_window;
    StreamFigures m_figures;
    std::int64_t m_since, m_backlog = 0, m_blocked = 0;
    std::optional<std::int64_t> m_oldest; ///< when it came
    std::int64_t m_oldestSince; ///< it has been that one
};

} // namespace coldframe::sim
