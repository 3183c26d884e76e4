#pragma once

#include <cstdint>
#include <map>

#include "model/time.h"

namespace coldframe::session {

/// Finds out whether a function feeds the folder that triggers it, when nobody tells who wrote a
/// file. A file that appears while the trigger's events are being worked on may have been written
/// by one of them: it counts one hop more than the least of those. A busy but honest producer
/// reaches the limit as well, so at the limit it listens:
///
///   drain   hold new files back until every event has ended
///   listen  a file that appears now comes from outside: all is well
///   probe   let one event through at a time; if each brings files of its own, and only while it
///           runs, three times in a row, it is a loop
///
/// Pure: it is told the time.
class LoopWatch {
public:
    explicit LoopWatch(std::uint32_t maxHops) : m_maxHops(maxHops) { }

    /// A file has appeared. Returns the hops its event counts.
    std::uint32_t seen(TimePoint now);
    void submitted(std::uint32_t hops);
    void ended(TimePoint now, std::uint32_t hops);

    /// How many events may be submitted now.
    std::size_t mayTake() const;
    /// True when a loop is certain. `waiting`: files are being held back.
    bool beat(TimePoint now, bool waiting);
    void reset();

private:
    enum class State : std::uint8_t { Normal, Draining, Listening, Probing };
    void clear(TimePoint now);

    std::uint32_t m_maxHops;
    State m_state = State::Normal;
    std::map<std::uint32_t, std::uint64_t> m_underWay; ///< events by hops
    TimePoint m_since{}, m_trustedUntil{}, m_endedAt{};
    std::uint32_t m_endedHops = 0;
    bool m_anyEnded = false;
    bool m_probing = false; ///< a probe is under way
    std::uint32_t m_born = 0, m_positive = 0;
};

} // namespace coldframe::session
