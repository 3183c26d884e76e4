#include "model/suggestion.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace coldframe {

namespace {

constexpr std::size_t kMaxCompared = 64; ///< longer names are not typing slips

char lower(char c)
{
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// Optimal string alignment distance: Levenshtein with swaps of neighbours.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::vector<std::size_t>> cost(a.size() + 1,
                                               std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            cost[i][j] = std::min(
                {cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (same ? 0u : 1u)});
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2])
                && lower(a[i - 2]) == lower(b[j - 1]))
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[a.size()][b.size()];
}

} // namespace

std::optional<std::string> suggestFor(std::string_view typed,
                                      const std::vector<std::string>& candidates)
{
    if (typed.size() > kMaxCompared)
        return std::nullopt;
    std::optional<std::string> best;
    std::size_t bestDistance = kMaxCompared;
    for (const std::string& candidate : candidates) {
        if (candidate.size() > kMaxCompared)
            continue;
        const std::size_t slips = distance(typed, candidate);
        const std::size_t allowed = std::max<std::size_t>(1, candidate.size() / 3);
        if (slips <= allowed && slips < bestDistance) {
            best = candidate;
            bestDistance = slips;
        }
    }
    return best;
}

std::string listOfNames(const std::vector<std::string>& names, std::size_t limit)
{
    std::string text;
    const std::size_t shown = std::min(names.size(), limit);
    for (std::size_t i = 0; i < shown; ++i) {
        if (i > 0)
            text += i + 1 == names.size() ? " and " : ", ";
        text += fmt::format("\"{}\"", names[i]);
    }
    if (shown < names.size())
        text += fmt::format(" and {} more", names.size() - shown);
    return text;
}

} // namespace coldframe
