#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "sim/figures.h"
#include "sim/queue_figures.h"

namespace coldframe::sim {

/// Keeps the figures of one queue while it is simulated. Times are ns since the run began; calls
/// come in the order of time.
class QueueBook {
public:
    explicit QueueBook(const Window& window)
        : m_window(window), m_since(window.from), m_stepEnd(window.from + window.step)
    {
        m_figures.stepDepthNs.resize(window.steps());
    }

    enum class Came : std::uint8_t { Sent, Moved };
    void came(std::int64_t at, Came how)
    {
        change(at, 1);
        if (counts(at))
            ++(how == Came::Sent ? m_figures.sent : m_figures.movedIn);
    }

    /// A batch is handed over, and then each of its messages, which came at `cameAt`.
    void batch(std::int64_t at) { m_figures.batches += arrives(at); }
    void received(std::int64_t at, std::int64_t cameAt, bool first)
    {
        m_figures.batched += arrives(at);
        if (!counts(cameAt))
            return;
        ++m_figures.received;
        if (!first)
            return;
        ++m_figures.begun;
        m_figures.waitNs += static_cast<std::uint64_t>(at - cameAt);
        m_figures.wait.add(at - cameAt);
    }
    void returned(std::int64_t cameAt) { m_figures.returned += counts(cameAt); }

    enum class Gone : std::uint8_t { Deleted, DeadLettered, Expired };
    void gone(std::int64_t at, std::int64_t cameAt, std::int64_t sentAt, Gone how)
    {
        change(at, -1);
        grewTo(at, sentAt);
        if (!counts(cameAt))
            return;
        if (how == Gone::DeadLettered) {
            ++m_figures.deadLettered;
        } else if (how == Gone::Expired) {
            ++m_figures.expired;
        } else {
            ++m_figures.deleted;
            m_figures.doneNs += static_cast<std::uint64_t>(at - cameAt);
            m_figures.done.add(at - cameAt);
        }
    }
    /// It is there at the end of the run.
    void left(std::int64_t cameAt, std::int64_t sentAt)
    {
        grewTo(m_window.to, sentAt);
        m_figures.left += counts(cameAt);
    }

    QueueFigures close()
    {
        pass(m_window.to);
        return std::move(m_figures);
    }

private:
    /// Of messages: with the last instant, so that what leaves one queue then is found in another.
    bool counts(std::int64_t at) const { return at >= m_window.from && at <= m_window.to; }
    /// Of batches: as their function counts them.
    bool arrives(std::int64_t at) const { return at >= m_window.from && at < m_window.to; }
    /// No message is older than one that leaves, or stays, with the most time behind it: so the
    /// oldest is never looked for.
    void grewTo(std::int64_t at, std::int64_t sentAt)
    {
        if (at >= m_window.from && at <= m_window.to)
            m_figures.peakAgeNs = std::max(m_figures.peakAgeNs, at - sentAt);
    }
    void pass(std::int64_t to)
    {
        const std::int64_t at = std::min(to, m_window.to);
        if (at <= m_since)
            return;
        m_figures.depthNs
            += static_cast<cost::Wide>(at - m_since) * static_cast<std::uint64_t>(m_depth);
        m_figures.peakDepth = std::max(m_figures.peakDepth, m_depth);
        if (!m_figures.stepDepthNs.empty())
            passSteps(at);
        m_since = at;
    }
    void passSteps(std::int64_t at)
    {
        std::int64_t from = m_since;
        for (; at > m_stepEnd; m_stepEnd += m_window.step) {
            m_figures.stepDepthNs[m_step++] += m_depth * (m_stepEnd - from);
            from = m_stepEnd;
        }
        m_figures.stepDepthNs[m_step] += m_depth * (at - from);
    }
    void change(std::int64_t at, std::int64_t by)
    {
        pass(at);
        m_depth += by;
        if (at >= m_window.from && at <= m_window.to)
            m_figures.peakDepth = std::max(m_figures.peakDepth, m_depth);
    }

    Window m_window;
    QueueFigures m_figures;
    std::int64_t m_since, m_depth = 0;
    std::int64_t m_stepEnd;
    std::size_t m_step = 0;
};

} // namespace coldframe::sim
