#pragma once

#include <chrono>

namespace coldframe::session {

/// How long one handler of the live thread may go on with work that another can take up: so that
/// a burst of thousands of events holds up neither timers nor answers.
class Turn {
public:
    bool over() const { return std::chrono::steady_clock::now() - m_begin > kLongest; }

private:
    static constexpr auto kLongest = std::chrono::milliseconds(1);
    const std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

} // namespace coldframe::session
