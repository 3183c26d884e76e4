#include "session/loop_watch.h"

#include <limits>

namespace coldframe::session {

namespace {
constexpr Duration kQuiet = std::chrono::milliseconds(300);
constexpr Duration kTrust = std::chrono::seconds(60); ///< before an honest producer is asked again
constexpr Duration kLate = std::chrono::milliseconds(50);
constexpr std::uint32_t kProbes = 3;
} // namespace

void LoopWatch::clear(TimePoint now)
{
    m_state = State::Normal;
    m_probing = false;
    m_born = 0;
    m_trustedUntil = now + kTrust;
}

void LoopWatch::reset()
{
    m_state = State::Normal;
    m_probing = false;
    m_born = 0;
    m_underWay.clear();
}

std::uint32_t LoopWatch::seen(TimePoint now)
{
    // Word of a file may come a moment after the end of the event that wrote it.
    const bool justEnded = m_underWay.empty() && m_anyEnded && now - m_endedAt < kLate;
    if ((m_state == State::Listening && !justEnded) || (m_state == State::Probing && !m_probing))
        clear(now); // nothing of ours was running
    else if (m_state == State::Probing)
        ++m_born;
    if (m_state != State::Normal || (m_underWay.empty() && !justEnded) || now < m_trustedUntil)
        return 0;
    const std::uint32_t hops = (justEnded ? m_endedHops : m_underWay.begin()->first) + 1;
    if (hops >= m_maxHops)
        m_state = State::Draining;
    return hops;
}

void LoopWatch::submitted(std::uint32_t hops)
{
    ++m_underWay[hops];
    if (m_state == State::Probing) {
        m_probing = true;
        m_born = 0;
    }
}

void LoopWatch::ended(TimePoint now, std::uint32_t hops)
{
    const auto it = m_underWay.find(hops);
    if (it != m_underWay.end() && --it->second == 0)
        m_underWay.erase(it);
    m_since = m_endedAt = now;
    m_endedHops = hops;
    m_anyEnded = true;
}

std::size_t LoopWatch::mayTake() const
{
    switch (m_state) {
    case State::Normal:
        return std::numeric_limits<std::size_t>::max();
    case State::Probing:
        return m_probing ? 0 : 1;
    case State::Draining:
    case State::Listening:
        break;
    }
    return 0;
}

bool LoopWatch::beat(TimePoint now, bool waiting)
{
    if (m_state == State::Normal || !m_underWay.empty())
        return false;
    if (m_state == State::Draining) {
        m_state = State::Listening;
        m_since = now;
        return false;
    }
    if (now - m_since < kQuiet)
        return false;
    if (!waiting && m_born == 0) { // nothing to probe with, and nothing came
        clear(now);
        return false;
    }
    if (m_state == State::Listening) {
        m_state = State::Probing;
        m_positive = 0;
        return false;
    }
    if (!m_probing)
        return false; // the probe is still to be taken
    m_probing = false;
    if (m_born == 0) {
        clear(now);
        return false;
    }
    return ++m_positive >= kProbes;
}

} // namespace coldframe::session
