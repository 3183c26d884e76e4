#include "ui/attempts/attempt_filter.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string_view>

#include "ui/attempts/filter_words.h"

namespace coldframe::ui {

namespace {

using Key = FilterTerm::Key;
using Comparison = FilterTerm::Comparison;
using Kind = FilterProblem::Kind;

struct KeyWord {
    std::string_view word;
    Key key;
};
constexpr std::array kKeys{
    KeyWord{"fn", Key::Function},   KeyWord{"function", Key::Function},
    KeyWord{"status", Key::Status}, KeyWord{"cold", Key::Start},
    KeyWord{"start", Key::Start},   KeyWord{"trigger", Key::Trigger},
    KeyWord{"id", Key::RequestId},  KeyWord{"instance", Key::Instance},
    KeyWord{"dur", Key::Platform},  KeyWord{"platform", Key::Platform},
    KeyWord{"desk", Key::Desk},     KeyWord{"init", Key::Init},
    KeyWord{"wait", Key::Wait},     KeyWord{"mem", Key::Memory},
    KeyWord{"memory", Key::Memory}, KeyWord{"cost", Key::Cost},
};

std::string lower(std::string_view text)
{
    std::string made(text);
    std::ranges::transform(made, made.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return made;
}

/// A number and its unit: "1.5s". Empty unit when there is none.
std::optional<std::pair<double, std::string_view>> readNumber(std::string_view text)
{
    double number = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || !std::isfinite(number) || number < 0.0 || number > 1e12)
        return {};
    return std::pair{number, text.substr(static_cast<std::size_t>(end - text.data()))};
}

struct UnitWord {
    std::string_view word;
    double factor;
};
template <std::size_t N>
std::optional<std::int64_t> readQuantity(std::string_view text,
                                         const std::array<UnitWord, N>& units)
{
    const auto read = readNumber(text);
    if (!read)
        return {};
    for (const UnitWord& unit : units)
        if (unit.word == read->second)
            return static_cast<std::int64_t>(std::min(9e18, read->first * unit.factor));
    return {};
}

constexpr std::array<UnitWord, 6> kDurations{
    {{"ms", 1e6}, {"", 1e6}, {"us", 1e3}, {"µs", 1e3}, {"s", 1e9}, {"min", 60e9}}};
constexpr std::array<UnitWord, 4> kSizes{
    {{"mb", 1024.0}, {"", 1024.0}, {"kb", 1.0}, {"gb", 1024.0 * 1024.0}}};
/// Dollars for a million attempts, as the table shows them; kept as picodollars for one.
constexpr std::array<UnitWord, 1> kAmounts{{{"", 1e6}}};

/// One term at a time. Keeps the first problem and goes on.
class FilterReader {
public:
    explicit FilterReader(const std::string& text) : m_rest(text) { }

    ParsedFilter read()
    {
        for (std::string term = next(); !term.empty(); term = next()) {
            if (m_parsed.filter.terms.size() == AttemptFilter::kMaxTerms) {
                fail(Kind::TooMany, term);
                break;
            }
            readTerm(term);
        }
        return std::move(m_parsed);
    }

private:
    void fail(Kind kind, const std::string& term)
    {
        if (!m_parsed.problem)
            m_parsed.problem = FilterProblem{kind, term};
    }

    /// Up to the next space outside quotes. Quotes stay, so that `"a:b"` is text.
    std::string next()
    {
        const auto begin = m_rest.find_first_not_of(" \t");
        if (begin == std::string_view::npos)
            return {};
        m_rest.remove_prefix(begin);
        bool quoted = false;
        std::size_t length = 0;
        for (; length < m_rest.size(); ++length) {
            const char c = m_rest[length];
            quoted = quoted != (c == '"');
            if (!quoted && (c == ' ' || c == '\t'))
                break;
        }
        std::string term(m_rest.substr(0, length));
        m_rest.remove_prefix(length);
        if (quoted)
            fail(Kind::OpenQuote, term);
        return term;
    }

    void readTerm(const std::string& typed)
    {
        FilterTerm term;
        std::string_view rest = typed;
        if (rest.size() > 1 && rest.front() == '-') {
            term.negated = true;
            rest.remove_prefix(1);
        }
        const auto separator = rest.find_first_of(":<>=\"");
        if (separator == std::string_view::npos || rest[separator] == '"') {
            term.values.push_back(unquoted(rest));
            if (!term.values.front().empty())
                m_parsed.filter.terms.push_back(std::move(term));
            return;
        }
        const std::string word = lower(rest.substr(0, separator));
        const auto* key = std::ranges::find(kKeys, word, &KeyWord::word);
        if (key == kKeys.end())
            return fail(Kind::UnknownKey, typed);
        term.key = key->key;
        readValue(std::move(term), word, rest.substr(separator), typed);
    }

    void readValue(FilterTerm term, const std::string& word, std::string_view rest,
                   const std::string& typed)
    {
        const bool colon = rest.front() == ':';
        if (!colon)
            term.comparison = takeComparison(rest);
        else
            rest.remove_prefix(1);
        if (colon && !rest.empty() && (rest.front() == '>' || rest.front() == '<'))
            term.comparison = takeComparison(rest); // "dur:>500ms", as other tools have it
        if (rest.empty())
            return fail(Kind::NoValue, typed);
        const bool isNumber = term.key >= Key::Platform;
        if (isNumber && colon && term.comparison == Comparison::Is)
            return fail(Kind::NeedsComparison, typed);
        if (!isNumber && term.comparison != Comparison::Is)
            return fail(Kind::UnknownKey, typed);
        if (const auto problem
            = isNumber ? setNumber(term, lower(rest)) : setWords(term, word, rest))
            return fail(*problem, typed);
        m_parsed.filter.terms.push_back(std::move(term));
    }

    static Comparison takeComparison(std::string_view& rest)
    {
        const char first = rest.front();
        rest.remove_prefix(1);
        const bool orEqual = !rest.empty() && rest.front() == '=';
        if (orEqual && first != '=')
            rest.remove_prefix(1);
        if (first == '=')
            return Comparison::Is;
        if (first == '>')
            return orEqual ? Comparison::AtLeast : Comparison::Above;
        return orEqual ? Comparison::AtMost : Comparison::Below;
    }

    static std::optional<Kind> setNumber(FilterTerm& term, const std::string& value)
    {
        std::optional<std::int64_t> number;
        Kind problem = Kind::NotADuration;
        if (term.key == Key::Memory) {
            number = readQuantity(value, kSizes);
            problem = Kind::NotASize;
        } else if (term.key == Key::Cost) {
            number = readQuantity(value.starts_with('$') ? value.substr(1) : value, kAmounts);
            problem = Kind::NotAnAmount;
        } else {
            number = readQuantity(value, kDurations);
        }
        if (!number)
            return problem;
        term.number = *number;
        return {};
    }

    static std::optional<Kind> setWords(FilterTerm& term, const std::string& word,
                                        std::string_view rest)
    {
        while (!rest.empty()) {
            const auto comma = std::min(rest.find(','), rest.size());
            std::string value = unquoted(rest.substr(0, comma));
            rest.remove_prefix(std::min(comma + 1, rest.size()));
            if (value.empty())
                continue;
            if (term.key == Key::Status && !statusBits(value))
                return Kind::UnknownStatus;
            if (word == "cold") {
                const auto yes = readYesOrNo(value);
                if (!yes)
                    return Kind::NotYesOrNo;
                value = *yes ? "cold" : "notcold";
            } else if (term.key == Key::Start && !startBits(value)) {
                return Kind::UnknownStart;
            }
            term.values.push_back(std::move(value));
        }
        return term.values.empty() ? std::optional(Kind::NoValue) : std::nullopt;
    }

    static std::string unquoted(std::string_view text)
    {
        std::string made = lower(text);
        std::erase(made, '"');
        return made;
    }

    std::string_view m_rest;
    ParsedFilter m_parsed;
};

} // namespace

ParsedFilter parseAttemptFilter(const std::string& text)
{
    return FilterReader(text).read();
}

} // namespace coldframe::ui
