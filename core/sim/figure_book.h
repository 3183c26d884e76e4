#pragma once

#include <cstdint>
#include <optional>

#include "sim/figures.h"
#include "sim/occupancy.h"

namespace coldframe::sim {

/// Keeps the figures of one function while it is simulated, whoever simulates it. Times are ns
/// since the run began; calls come in the order of time, except where a comment says otherwise.
class FigureBook {
public:
    explicit FigureBook(const Window& window);

    void arrived(std::int64_t at)
    {
        if (counts(at)) {
            ++m_figures.arrived;
            if (Step* step = stepAt(at))
                ++step->arrived;
        }
    }
    void rejected(std::int64_t arrivedAt)
    {
        if (counts(arrivedAt)) {
            ++m_figures.rejected;
            if (Step* step = stepAt(arrivedAt))
                ++step->rejected;
        }
    }
    void expired(std::int64_t arrivedAt) { m_figures.expired += counts(arrivedAt); }
    void waiting(std::int64_t arrivedAt) { m_figures.waiting += counts(arrivedAt); }
    /// It has an instance from `at` on, a new one when `cold`. First attempts only.
    void started(std::int64_t arrivedAt, std::int64_t at, bool cold)
    {
        if (!counts(arrivedAt))
            return;
        ++(cold ? m_figures.cold : m_figures.warm);
        if (cold)
            if (Step* step = stepAt(arrivedAt))
                ++step->cold;
        if (at > arrivedAt) {
            ++m_figures.waited;
            m_figures.waitNs += static_cast<std::uint64_t>(at - arrivedAt);
            m_figures.wait.add(at - arrivedAt);
        }
    }
    struct Attempt {
        std::int64_t arrivedAt = 0;
        std::int64_t end = 0; ///< may lie ahead
        std::int64_t service = 0, billed = 0;
        bool failed = false, timedOut = false;
        bool answers = true; ///< the invocation ends with it
        bool provisioned = false;
    };
    /// An attempt will have ended, or has; after the end of the run it counts as unfinished.
    void attempt(const Attempt& in)
    {
        if (!counts(in.arrivedAt))
            return;
        if (in.end > m_window.to) {
            ++m_figures.unfinished;
            return;
        }
        ++m_figures.attempts;
        m_figures.failedAttempts += in.failed;
        m_figures.timeouts += in.timedOut;
        m_figures.serviceNs += static_cast<std::uint64_t>(in.service);
        m_figures.billedNs += static_cast<std::uint64_t>(in.billed);
        if (in.provisioned)
            m_figures.provisionedNs += static_cast<std::uint64_t>(in.billed);
        if (in.answers) {
            const std::int64_t response = in.end - in.arrivedAt;
            m_figures.responseNs += static_cast<std::uint64_t>(response);
            m_figures.response.add(response);
        }
    }
    void unfinished(std::int64_t arrivedAt) { m_figures.unfinished += counts(arrivedAt); }
    /// A later attempt started an instance.
    void coldRetry(std::int64_t arrivedAt) { m_figures.coldRetries += counts(arrivedAt); }
    void deadLettered(std::int64_t arrivedAt) { m_figures.deadLettered += counts(arrivedAt); }
    void clientRetry(std::int64_t arrivedAt) { m_figures.clientRetries += counts(arrivedAt); }
    /// An init from `begin` to `end`, which may lie ahead.
    void init(std::int64_t begin, std::int64_t end)
    {
        m_figures.initNs += static_cast<std::uint64_t>(m_window.clipped(begin, end));
    }
    void instanceStarted(std::int64_t at) { m_figures.instancesStarted += counts(at); }

    Occupancy inUse; ///< attempts that have an instance
    Occupancy alive; ///< instances; may lag behind inUse, in its own order of time

    /// `idle`: the integral of idle instances; for pools of one request an instance it follows.
    Figures close(std::optional<cost::Wide> idle = std::nullopt);

private:
    bool counts(std::int64_t at) const { return at >= m_window.from && at < m_window.to; }
    Step* stepAt(std::int64_t at)
    {
        if (m_figures.steps.empty())
            return nullptr;
        // Mostly the one of the last call.
        if (at < m_stepBegin || at - m_stepBegin >= m_window.step) {
            m_step = static_cast<std::size_t>((at - m_window.from) / m_window.step);
            m_stepBegin = m_window.from + static_cast<std::int64_t>(m_step) * m_window.step;
        }
        return &m_figures.steps[m_step];
    }

    Window m_window;
    Figures m_figures;
    std::size_t m_step = 0;
    std::int64_t m_stepBegin;
};

} // namespace coldframe::sim
