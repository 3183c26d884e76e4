#include "obstacle_teller.h"

#include <algorithm>

#include <fmt/format.h>

#include "amount_text.h"

namespace coldframe::commands {

namespace {

constexpr Duration kAtFirst = std::chrono::seconds(10);
constexpr Duration kThen = std::chrono::seconds(30);
constexpr Duration kLongestPause = std::chrono::minutes(10);

std::string countedText(std::uint64_t count, const char* word)
{
    return fmt::format("{} {}{}", countText(count), word, count == 1 ? "" : "s");
}

/// "work: message 5b1f… of parts failed 4 times in 1 min 10 s (ValueError: no weight), and 2
/// others"
std::string textOf(const std::string& trigger, const session::Obstacle& obstacle, TimePoint now)
{
    const std::string time = durationText(now - obstacle.since);
    std::string text = obstacle.attempts == 0
        ? fmt::format("{}: {} in the way for {}", trigger, obstacle.what, time)
        : fmt::format("{}: {} failed, {} in {}", trigger, obstacle.what,
                      countedText(obstacle.attempts, "attempt"), time);
    text += fmt::format(" ({})", obstacle.problem);
    if (obstacle.others > 0)
        text += fmt::format(", and {}", countedText(obstacle.others, "other"));
    return text;
}

std::string nextText(const session::Obstacle& obstacle, TimePoint now)
{
    if (!obstacle.next)
        return "it is being tried";
    return *obstacle.next <= now ? "it is tried again at once"
                                 : "it is tried again in " + durationText(*obstacle.next - now);
}

template <typename Visit> void eachObstacle(const session::Snapshot& snapshot, Visit&& visit)
{
    if (!snapshot.workspace)
        return;
    const auto& triggers = snapshot.workspace->triggers;
    for (std::size_t i = 0; i < std::min(triggers.size(), snapshot.triggers.size()); ++i)
        visit(triggers[i].name, snapshot.triggers[i].obstacle);
}

} // namespace

std::vector<std::string> ObstacleTeller::due(const session::Snapshot& snapshot)
{
    std::vector<std::string> lines;
    const TimePoint now = snapshot.now;
    eachObstacle(snapshot, [&](const std::string& trigger, const auto& obstacle) {
        if (!obstacle) {
            m_told.erase(trigger);
            return;
        }
        const auto [told, isNew] = m_told.try_emplace(trigger);
        if (isNew)
            told->second = {std::max(obstacle->since, snapshot.startedAt) + kAtFirst, kThen};
        if (now < told->second.next)
            return;
        lines.push_back(fmt::format("waiting: {}; {}; {}", textOf(trigger, *obstacle, now),
                                    nextText(*obstacle, now), obstacle->hint));
        told->second = {now + told->second.pause, std::min(told->second.pause * 2, kLongestPause)};
    });
    return lines;
}

std::vector<std::string> ObstacleTeller::left(const session::Snapshot& snapshot)
{
    std::vector<std::string> lines;
    eachObstacle(snapshot, [&](const std::string& trigger, const auto& obstacle) {
        if (obstacle)
            lines.push_back(fmt::format("not done: {}; it comes again at the next start; {}",
                                        textOf(trigger, *obstacle, snapshot.now), obstacle->hint));
    });
    return lines;
}

} // namespace coldframe::commands
