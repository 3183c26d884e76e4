#pragma once

#include <cstdint>
#include <optional>

#include "engine/queue_rules.h"
#include "model/time.h"

namespace coldframe::engine {

/// What an event source mapping decides: when a queue is read, for how many messages, and how many
/// batches are at work at once. Pure: it holds no messages and is told what came of its wishes.
///
/// One batch is gathered at a time; it leaves when it is full or its window is over. Batches at
/// once start at `startPollers`, grow by `pollersPerMinute`, evenly, for as long as messages remain
/// that it may not take, and are back at the start when nothing remains and nothing is at work. A
/// failed function halves them, once for all that began before; each success below the start gives
/// one back. After a batch that found no room, or failed in no time at all, nothing is read until
/// a second after it was launched: messages that are hidden for less would go round and round at
/// one instant. How AWS steps down and backs off is not published: these three are assumed.
class Poller {
public:
    /// What may be received now, for the batch that is gathered.
    struct Wish {
        std::uint32_t messages = 0; ///< 0: nothing now
        std::uint64_t bytes = 0;
        bool first = true; ///< the batch is empty: one message is taken however large it is
    };
    Wish wish(TimePoint now, const MappingRules& rules);
    /// So much came of it; `full`: the next message would not have fitted.
    void received(TimePoint now, const MappingRules& rules, std::uint32_t messages,
                  std::uint64_t bytes, bool full);
    /// Its deadline has come: the window may be over.
    void due(TimePoint now, const MappingRules& rules);
    /// The gathered batch is to go now: it is full, its window is over or there is none.
    bool launches(const MappingRules& rules) const;
    /// It went; or `empty`: what it held was gone meanwhile, or is given back.
    void launched(bool empty);

    enum class End : std::uint8_t { Succeeded, SomeFailed, Failed, Throttled };
    void ended(TimePoint launchedAt, TimePoint now, const MappingRules& rules, End end);
    /// Once all that could be received now was: whether messages remain.
    void settle(TimePoint now, const MappingRules& rules, bool remain);

    /// End of the window or of a rest, or the next step of the ramp while it stands in the way.
    std::optional<TimePoint> nextDeadline(const MappingRules& rules) const;

    std::uint32_t gathered() const { return m_messages; }
    std::uint32_t running() const { return m_running; }
    /// Batches that may be at work at once.
    std::uint32_t allowed(const MappingRules& rules) const;

private:
    void rampTo(TimePoint now, const MappingRules& rules);

    std::uint32_t m_messages = 0; ///< of the batch that is gathered
    std::uint32_t m_running = 0;
    std::uint64_t m_bytes = 0;
    bool m_full = false; ///< or its window is over
    bool m_ramping = false; ///< messages remain that it may not take
    TimePoint m_since{}; ///< when the batch began to gather
    TimePoint m_rampedTo{}; ///< m_ramp is of this time
    TimePoint m_cutAt = TimePoint::min(); ///< when errors last took pollers away
    TimePoint m_restUntil = TimePoint::min(); ///< nothing is read before
    Duration m_ramp{}; ///< time ramped up; below zero: taken away
};

} // namespace coldframe::engine
