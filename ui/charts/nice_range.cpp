#include "ui/charts/nice_range.h"

#include <cmath>
#include <utility>

#include "ui/charts/chart_text.h"

namespace coldframe::ui {

namespace {

constexpr double kLargest = 1e15; ///< past this, a chart says nothing

using chart_text::tr;

bool isWhole(double value)
{
    return std::abs(value - std::round(value)) < 1e-9 * std::max(1.0, value);
}

} // namespace

NiceRange niceRange(double highest, bool whole, int mostSteps)
{
    if (!std::isfinite(highest) || highest <= 0.0)
        return {whole ? 2.0 : 1.0, 2};
    highest = std::min(highest, kLargest);
    const double rough = highest / mostSteps;
    const double decade = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double round : {1.0, 2.0, 2.5, 5.0, 10.0}) {
        const double step = round * decade;
        if (step < rough * (1.0 - 1e-9) || (whole && (step < 1.0 || !isWhole(step))))
            continue;
        const int steps = std::max(2, static_cast<int>(std::ceil(highest / step - 1e-9)));
        return {step * steps, steps};
    }
    return {2.0, 2}; // whole numbers below the first step
}

bool FollowingRange::follow(double highest)
{
    m_highest = highest;
    const NiceRange wanted = niceRange(highest, m_whole, m_mostSteps);
    if (wanted == m_range || (wanted.max < m_range.max && wanted.max > m_range.max / 2.0))
        return false;
    m_range = wanted;
    return true;
}

bool FollowingRange::setMostSteps(int steps)
{
    if (steps == m_mostSteps)
        return false;
    m_mostSteps = steps;
    const NiceRange before = std::exchange(m_range, niceRange(m_highest, m_whole, steps));
    return before != m_range;
}

Unit unitFor(Quantity quantity, double max)
{
    switch (quantity) {
    case Quantity::Count:
        break;
    case Quantity::PerSecond:
        return {1.0, tr(" /s")};
    case Quantity::Milliseconds:
        if (max < 1.0)
            return {1e3, tr(" µs")};
        return max < 2'000.0 ? Unit{1.0, tr(" ms")} : Unit{1e-3, tr(" s")};
    case Quantity::Share:
        return {100.0, tr(" %")};
    case Quantity::Dollars:
        if (max < 1e-6)
            return {1e9, tr(" n$")};
        if (max < 1e-3)
            return {1e6, tr(" µ$")};
        return max < 1.0 ? Unit{1e3, tr(" m$")} : Unit{1.0, tr(" $")};
    }
    return {};
}

int decimalsFor(const NiceRange& range, double factor)
{
    const double step = range.max * factor / range.steps;
    int decimals = 0;
    for (double scaled = step; decimals < 6 && !isWhole(scaled); scaled *= 10.0)
        ++decimals;
    return decimals;
}

} // namespace coldframe::ui
