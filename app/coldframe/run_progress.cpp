#include "run_progress.h"

#include <fmt/format.h>

#include "console.h"
#include "run_text.h"

namespace coldframe::commands {

namespace {
constexpr auto kBetweenLines = std::chrono::seconds(5);
constexpr char kRewind[] = "\r\033[K"; ///< to the beginning of the line, which is emptied
} // namespace

void RunProgress::show(const session::Snapshot& snapshot)
{
    showNotices(snapshot);
    if (!m_saidAlreadyHere)
        showAlreadyHere(snapshot);
    if (m_untilIdle)
        sayLines(m_obstacles.due(snapshot));
    if (m_terminal) {
        sayRaw(std::string(kRewind).append(progressText(snapshot)));
        m_lineShown = true;
        return;
    }
    const auto now = std::chrono::steady_clock::now();
    const std::uint64_t waiting = unfinished(snapshot);
    const bool changed = snapshot.totals.events != m_last.events
        || snapshot.totals.invocations != m_last.invocations || waiting != m_lastUnfinished;
    if (!changed || now - m_lastAt < kBetweenLines)
        return;
    say(progressText(snapshot));
    m_last = snapshot.totals;
    m_lastUnfinished = waiting;
    m_lastAt = now;
}

void RunProgress::showNotices(const session::Snapshot& snapshot)
{
    const std::uint64_t total = snapshot.noticesDropped + snapshot.notices.size();
    if (total == m_noticesSeen)
        return;
    clearLine();
    if (snapshot.noticesDropped > m_noticesSeen) {
        say(fmt::format("({} notices came too fast to be shown)",
                        snapshot.noticesDropped - m_noticesSeen));
        m_noticesSeen = snapshot.noticesDropped;
    }
    for (std::uint64_t i = m_noticesSeen; i < total; ++i) {
        const session::Notice& notice = snapshot.notices[i - snapshot.noticesDropped];
        const char* mark = notice.severity == session::Notice::Severity::Error ? "error: "
            : notice.severity == session::Notice::Severity::Warning            ? "warning: "
                                                                               : "";
        say(fmt::format("{}{}{}{}", mark, notice.text, notice.hint.empty() ? "" : "; ",
                        notice.hint));
    }
    m_noticesSeen = total;
}

/// Once, when the folders have been looked at.
void RunProgress::showAlreadyHere(const session::Snapshot& snapshot)
{
    const std::string text = alreadyHereText(snapshot, m_backfilled);
    if (text.empty())
        return;
    clearLine();
    sayRaw(text);
    m_saidAlreadyHere = true;
}

void RunProgress::showLeft(const session::Snapshot& snapshot)
{
    sayLines(ObstacleTeller::left(snapshot));
}

void RunProgress::sayLines(const std::vector<std::string>& lines)
{
    if (!lines.empty())
        clearLine();
    for (const std::string& line : lines)
        say(line);
}

void RunProgress::finish()
{
    clearLine();
}

void RunProgress::clearLine()
{
    if (m_lineShown)
        sayRaw(kRewind);
    m_lineShown = false;
}

} // namespace coldframe::commands
