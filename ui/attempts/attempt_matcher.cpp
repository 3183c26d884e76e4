#include "ui/attempts/attempt_filter.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "ui/attempts/attempt_status.h"
#include "ui/attempts/filter_words.h"

namespace coldframe::ui {

namespace {

using Key = FilterTerm::Key;
using Comparison = FilterTerm::Comparison;

char lower(char c)
{
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// `pattern` is in lower case. Backtracks to the last star only: linear for any sane name.
bool glob(const std::string& pattern, const std::string& name)
{
    std::size_t p = 0, n = 0, star = std::string::npos, resume = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = n;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == lower(name[n]))) {
            ++p;
            ++n;
        } else if (star != std::string::npos) {
            p = star + 1;
            n = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string::npos;
}

bool matchesAny(const std::vector<std::string>& patterns, const std::string& name)
{
    return std::ranges::any_of(
        patterns, [&](const std::string& pattern) { return matchesName(pattern, name); });
}

/// "i-07", "07" and "7" are one.
bool isInstance(const std::string& word, std::uint32_t serial)
{
    const std::size_t start = word.starts_with("i-") ? 2 : 0;
    std::uint32_t number = 0;
    const auto [end, error]
        = std::from_chars(word.data() + start, word.data() + word.size(), number);
    return error == std::errc{} && end == word.data() + word.size() && number == serial;
}

bool compare(std::int64_t value, Comparison comparison, std::int64_t with)
{
    switch (comparison) {
    case Comparison::Is:
        return value == with;
    case Comparison::Above:
        return value > with;
    case Comparison::AtLeast:
        return value >= with;
    case Comparison::Below:
        return value < with;
    case Comparison::AtMost:
        return value <= with;
    }
    return false;
}

bool at(const std::vector<bool>& set, std::size_t index)
{
    return index < set.size() && set[index];
}

bool matchesText(const std::vector<std::string>& words, const history::AttemptRow& row)
{
    const std::string id = history::toText(row.requestId);
    return matchesAny(words, id);
}

} // namespace

bool matchesName(const std::string& pattern, const std::string& name)
{
    if (pattern.find_first_of("*?") != std::string::npos)
        return glob(pattern, name);
    const auto found = std::search(name.begin(), name.end(), pattern.begin(), pattern.end(),
                                   [](char a, char b) { return lower(a) == b; });
    return found != name.end() || pattern.empty();
}

AttemptMatcher::AttemptMatcher(AttemptFilter filter, const Workspace* workspace)
{
    for (FilterTerm& term : filter.terms) {
        Term made;
        if (term.key == Key::Function || term.key == Key::Text)
            for (std::size_t i = 0; workspace && i < workspace->functions.size(); ++i)
                made.functions.push_back(matchesAny(term.values, workspace->functions[i].name));
        if (term.key == Key::Trigger || term.key == Key::Text) {
            made.triggers.push_back(matchesAny(term.values, "send")); // sent by hand
            for (std::size_t i = 0; workspace && i < workspace->triggers.size(); ++i)
                made.triggers.push_back(matchesAny(term.values, workspace->triggers[i].name));
        }
        for (const std::string& value : term.values) {
            if (term.key == Key::Status)
                made.statuses |= statusBits(value).value_or(0);
            if (term.key == Key::Start)
                made.starts |= startBits(value).value_or(0);
        }
        made.term = std::move(term);
        m_terms.push_back(std::move(made));
    }
}

bool AttemptMatcher::operator()(const history::AttemptRow& row) const
{
    return std::ranges::all_of(
        m_terms, [&row](const Term& term) { return holds(term, row) != term.term.negated; });
}

bool AttemptMatcher::holds(const Term& term, const history::AttemptRow& row)
{
    const FilterTerm& wanted = term.term;
    const auto duration = [&wanted](Duration value) {
        return compare(value.count(), wanted.comparison, wanted.number);
    };
    switch (wanted.key) {
    case Key::Text:
        return at(term.functions, row.function) || at(term.triggers, row.trigger)
            || matchesText(wanted.values, row);
    case Key::Function:
        return at(term.functions, row.function);
    case Key::Status:
        return (term.statuses >> static_cast<unsigned>(statusOf(row)) & 1U) != 0;
    case Key::Start:
        return (term.starts >> static_cast<unsigned>(row.start) & 1U) != 0;
    case Key::Trigger:
        return at(term.triggers, row.trigger);
    case Key::RequestId:
        return matchesText(wanted.values, row);
    case Key::Instance:
        return std::ranges::any_of(wanted.values, [&row](const std::string& word) {
            return isInstance(word, row.instance);
        });
    case Key::Platform:
        return duration(row.platform);
    case Key::Desk:
        return duration(row.desk);
    case Key::Init:
        return duration(row.init);
    case Key::Wait:
        return duration(row.queued);
    case Key::Memory:
        return compare(row.peakMemoryKb, wanted.comparison, wanted.number);
    case Key::Cost:
        return compare(row.costPicodollars, wanted.comparison, wanted.number);
    }
    return false;
}

} // namespace coldframe::ui
