#pragma once

#include <algorithm>
#include <vector>

#include "model/time.h"

namespace coldframe::session {

/// How long at least one of several things was under way, told as each of them ends.
class BusyTime {
public:
    void add(TimePoint begun, TimePoint ended)
    {
        // Whatever began later than this and has ended lies within it.
        while (!m_spans.empty() && m_spans.back().ended >= begun) {
            begun = std::min(begun, m_spans.back().begun);
            ended = std::max(ended, m_spans.back().ended);
            m_total -= m_spans.back().ended - m_spans.back().begun;
            m_spans.pop_back();
        }
        m_total += ended - begun;
        m_spans.push_back({begun, ended});
        if (m_spans.size() > kMostSpans)
            m_spans.erase(m_spans.begin()); // nothing that began so long ago will come
    }
    Duration total() const { return m_total; }

private:
    static constexpr std::size_t kMostSpans = 1'000;
    struct Span {
        TimePoint begun, ended;
    };
    std::vector<Span> m_spans; ///< apart from each other, in order
    Duration m_total{};
};

} // namespace coldframe::session
