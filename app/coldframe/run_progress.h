#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "obstacle_teller.h"
#include "session/snapshot.h"

namespace coldframe::commands {

/// Tells on standard error how a run goes: notices as they come, and a line of figures, rewritten
/// in place on a terminal, else a new one every 5 s while something changes.
class RunProgress {
public:
    /// `untilIdle`: somebody waits for its end, and is told what it is that it waits for.
    RunProgress(bool terminal, bool untilIdle, std::vector<std::string> backfilled)
        : m_terminal(terminal), m_untilIdle(untilIdle), m_backfilled(std::move(backfilled))
    { }

    void show(const session::Snapshot& snapshot);
    /// What is not done though the run ends.
    void showLeft(const session::Snapshot& snapshot);
    /// Leaves the terminal's last line free.
    void finish();

private:
    void showNotices(const session::Snapshot& snapshot);
    void showAlreadyHere(const session::Snapshot& snapshot);
    void sayLines(const std::vector<std::string>& lines);
    void clearLine();

    bool m_terminal, m_untilIdle;
    bool m_lineShown = false, m_saidAlreadyHere = false;
    std::vector<std::string> m_backfilled;
    ObstacleTeller m_obstacles;
    std::uint64_t m_noticesSeen = 0;
    session::Totals m_last;
    std::uint64_t m_lastUnfinished = 0;
    std::chrono::steady_clock::time_point m_lastAt = std::chrono::steady_clock::now();
};

} // namespace coldframe::commands
