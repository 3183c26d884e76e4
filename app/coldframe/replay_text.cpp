#include "replay_text.h"

#include <cmath>

#include <fmt/format.h>

#include "amount_text.h"

namespace coldframe::commands {

namespace {

using study::FigurePair;

std::string valueText(const FigurePair& pair, const std::optional<double>& value)
{
    if (!value)
        return "-";
    const std::string unit = *pair.unit == 0 ? "" : std::string(" ") + pair.unit;
    if (unit.empty())
        return countText(static_cast<std::uint64_t>(*value));
    if (unit == " USD")
        return fmt::format("{:.8f}{}", *value, unit);
    return fmt::format("{:.{}f}{}", *value, *value < 10 ? 3 : 1, unit);
}

std::string changeText(const FigurePair& pair)
{
    const auto difference = pair.difference();
    if (!difference || *difference == 0)
        return difference ? "=" : "-";
    FigurePair positive = pair;
    std::string text = (*difference > 0 ? "+" : "-") + valueText(positive, std::abs(*difference));
    if (*pair.recorded != 0)
        text += fmt::format(" ({:+.1f} %)", *difference / *pair.recorded * 100);
    return text;
}

std::string titleOf(const study::ComparedFunction& function)
{
    return function.name.empty() ? "All functions" : "Function " + function.name;
}

bool hadEvents(const study::ComparedFunction& function)
{
    return function.figures.front().recorded.value_or(0) > 0
        || function.figures.front().replayed.value_or(0) > 0;
}

template <typename Line> std::string blocks(const study::Comparison& comparison, const Line& line)
{
    std::string text;
    const auto block = [&](const study::ComparedFunction& function) {
        text += line(titleOf(function), nullptr);
        for (const FigurePair& pair : function.figures)
            text += line(std::string("  ") + pair.title, &pair);
    };
    std::size_t used = 0;
    for (const study::ComparedFunction& function : comparison.functions)
        used += hadEvents(function);
    if (used > 1)
        for (const study::ComparedFunction& function : comparison.functions)
            if (hadEvents(function))
                block(function);
    block(comparison.total);
    return text;
}

std::string share(std::uint64_t part, std::uint64_t all)
{
    return fmt::format("{:.1f} %", 100 * static_cast<double>(part) / static_cast<double>(all));
}

std::string originsText(const sim::Origins& origins)
{
    if (origins.all() == 0)
        return "Times    none: nothing was started\n";
    std::string text = fmt::format("Times    {} as recorded for the same attempt",
                                   share(origins.taken, origins.all()));
    if (origins.drawn > 0)
        text += fmt::format(", {} drawn from the function's recorded ones",
                            share(origins.drawn, origins.all()));
    if (origins.assumed > 0)
        text += fmt::format(", {} assumed to be zero: the function has no recorded one",
                            share(origins.assumed, origins.all()));
    return text + '\n';
}

} // namespace

std::string replayVerdict(const study::ReplayStudy& study)
{
    const history::ReplayReport& report = study.report();
    if (!report.equal())
        return fmt::format("different: first known at input {} of {}, {} s after the beginning",
                           report.firstDifference->row, study.inputCount(),
                           toSeconds(report.firstDifference->at - study.recorded().script.begin));
    return fmt::format("equal: {} inputs, {} digest{} compared{}", report.rows, report.compared,
                       report.compared == 1 ? "" : "s",
                       report.complete ? "" : "; it was not closed in order");
}

std::string figuresText(const study::Comparison& comparison)
{
    return blocks(comparison, [](const std::string& title, const FigurePair* pair) {
        if (!pair)
            return title + '\n';
        return fmt::format("{:<19}{:>19}  {}\n", title, valueText(*pair, pair->recorded),
                           nameOf(pair->basis));
    });
}

std::string comparisonText(const study::Comparison& comparison)
{
    const std::string text = blocks(
        comparison, [](const std::string& title, const FigurePair* pair) {
            if (!pair)
                return fmt::format("{:<19}{:>19}{:>19}  change\n", title, "recorded", "replayed");
            return fmt::format("{:<19}{:>19}{:>19}  {}\n", title, valueText(*pair, pair->recorded),
                               valueText(*pair, pair->replayed), changeText(*pair));
        });
    return text + originsText(comparison.total.origins);
}

} // namespace coldframe::commands
