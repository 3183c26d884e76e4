#include "check/judge.h"

#include <algorithm>

#include <fmt/format.h>

#include "check/compare.h"
#include "model/money_text.h"
#include "model/utf8.h"

namespace coldframe::check {

namespace {

constexpr std::size_t kMaxKept = 64 * 1024; ///< bytes of `expected` and `got`

std::string quoted(const std::string& text)
{
    return shortened(asJson(text));
}

void limit(std::string& text)
{
    if (text.size() <= kMaxKept)
        return;
    std::size_t end = kMaxKept;
    while (end > 0 && utf8Length(text, end) == 0)
        --end;
    text.resize(end);
    text += "…";
}

std::string milliseconds(Duration duration)
{
    return fmt::format("{:.1f} ms", toMilliseconds(duration));
}

class Judge {
public:
    Judge(const Expectation& expectation, const Observed& observed)
        : m_expectation(expectation), m_observed(observed)
    { }

    std::vector<Mismatch> verdict()
    {
        if (!satisfies(m_observed.status, m_expectation.status)) {
            status();
        } else {
            result();
            error();
            log();
            limits();
            for (const ExpectedOutput& output : m_expectation.outputs)
                object(output);
        }
        if (m_mismatches.size() > kMaxMismatches)
            m_mismatches.resize(kMaxMismatches);
        for (Mismatch& mismatch : m_mismatches) {
            const Position at = m_expectation.source.positionOf(mismatch.pointer);
            mismatch.line = at.line;
            mismatch.column = at.column;
            limit(mismatch.expected);
            limit(mismatch.got);
        }
        return std::move(m_mismatches);
    }

private:
    void tell(std::string pointer, std::string expected, std::string got, std::string sentence)
    {
        m_mismatches.push_back({.pointer = std::move(pointer),
                                .expected = std::move(expected),
                                .got = std::move(got),
                                .sentence = std::move(sentence)});
    }

    void status()
    {
        const std::string got = word(m_observed.status), wanted = word(m_expectation.status);
        std::string sentence = fmt::format("the status is \"{}\" instead of \"{}\"", got, wanted);
        if (isFailure(m_observed.status)) {
            const ErrorWords words = errorWords(m_observed.payload);
            sentence += fmt::format(": {}: {}", words.type, oneLine(words.message));
        } else if (m_observed.status == Status::Succeeded) {
            sentence += fmt::format("; the result is {}", oneLine(shortened(m_observed.payload)));
        }
        tell("/status", wanted, got, std::move(sentence));
    }

    void result()
    {
        if (m_expectation.result)
            json({*m_expectation.result, "/result"}, m_observed.payload, "the result");
    }

    void json(const Expected& expected, const std::string& text, const std::string& whole)
    {
        const Result<JsonText> parsed = parseJson(text, {});
        if (!parsed) {
            const Error& problem = parsed.error();
            tell(expected.pointer, expected.value.compact(), text,
                 fmt::format("{} cannot be compared: line {}, column {}: {}", whole, problem.line,
                             problem.column, problem.message));
            return;
        }
        compare(m_expectation, expected, parsed->root(), {whole, {}}, m_mismatches);
    }

    void error()
    {
        if (!m_expectation.errorType && !m_expectation.errorMessage)
            return;
        const ErrorWords words = errorWords(m_observed.payload);
        if (m_expectation.errorType && *m_expectation.errorType != words.type)
            tell("/errorType", *m_expectation.errorType, words.type,
                 fmt::format("the error type is {} instead of {}: {}", quoted(words.type),
                             quoted(*m_expectation.errorType), oneLine(words.message)));
        if (m_expectation.errorMessage && !m_expectation.errorMessage->foundIn(words.message))
            tell("/errorMessageMatches", m_expectation.errorMessage->text(), words.message,
                 fmt::format("the error message is {}, which does not match {}",
                             quoted(words.message), quoted(m_expectation.errorMessage->text())));
    }

    void log()
    {
        for (const LogPattern& expected : m_expectation.log)
            if (!expected.pattern.foundIn(m_observed.log))
                tell(expected.pointer, expected.pattern.text(), {},
                     fmt::format("nothing in the log matches {}", quoted(expected.pattern.text())));
    }

    void limits()
    {
        if (m_expectation.maxPlatform && m_observed.platform > *m_expectation.maxPlatform)
            tell("/maxPlatformMs", milliseconds(*m_expectation.maxPlatform),
                 milliseconds(m_observed.platform),
                 fmt::format("it took {} on the platform (modelled), more than {}",
                             milliseconds(m_observed.platform),
                             milliseconds(*m_expectation.maxPlatform)));
        if (m_expectation.maxInit && m_observed.initialised
            && m_observed.init > *m_expectation.maxInit)
            tell("/maxInitMs", milliseconds(*m_expectation.maxInit), milliseconds(m_observed.init),
                 fmt::format("its init took {} (measured), more than {}",
                             milliseconds(m_observed.init), milliseconds(*m_expectation.maxInit)));
        if (m_expectation.maxCost && m_observed.cost > *m_expectation.maxCost)
            tell("/maxCostUsd", usdText(*m_expectation.maxCost), usdText(m_observed.cost),
                 fmt::format("it cost {} USD (modelled), more than {} USD",
                             usdText(m_observed.cost), usdText(*m_expectation.maxCost)));
    }

    void object(const ExpectedOutput& expected)
    {
        std::vector<const WrittenObject*> found;
        for (const WrittenObject& written : m_observed.written)
            if (written.store == expected.store
                && (expected.keyMatches ? expected.keyMatches->foundIn(written.key)
                                        : written.key == expected.key))
                found.push_back(&written);
        if (expected.absent && !found.empty())
            tell(expected.pointer, "nothing", found.front()->key,
                 fmt::format("{} was written into the store {}, and was not to be",
                             quoted(found.front()->key), quoted(expected.store)));
        else if (!expected.absent && found.empty())
            tell(expected.pointer, nameOf(expected), othersIn(expected.store),
                 fmt::format("{} was not written into the store {}; {}", nameOf(expected),
                             quoted(expected.store), othersIn(expected.store)));
        else if (!expected.absent)
            content(expected, found);
    }

    static std::string nameOf(const ExpectedOutput& expected)
    {
        return expected.keyMatches
            ? fmt::format("an object that matches {}", quoted(expected.keyMatches->text()))
            : quoted(expected.key);
    }

    std::string othersIn(const std::string& store) const
    {
        constexpr std::size_t kNamed = 3;
        std::string names;
        std::size_t count = 0;
        for (const WrittenObject& written : m_observed.written)
            if (written.store == store && ++count <= kNamed)
                names += (names.empty() ? "" : ", ") + quoted(written.key);
        if (count == 0)
            return "nothing was written there";
        if (count > kNamed)
            names += fmt::format(" and {} more", count - kNamed);
        return "what was written there is " + names;
    }

    /// Of several objects with a matching key, one with the right content is enough; when none has
    /// it, the first one's mismatches are told.
    void content(const ExpectedOutput& expected, const std::vector<const WrittenObject*>& found)
    {
        if (!expected.text && !expected.matches && !expected.json)
            return;
        const std::vector<Mismatch> before = std::move(m_mismatches);
        std::vector<Mismatch> first;
        for (std::size_t i = 0; i < found.size(); ++i) {
            m_mismatches.clear();
            contentOf(expected, *found[i]);
            if (i == 0 || m_mismatches.empty())
                first = std::move(m_mismatches);
            if (first.empty())
                break;
        }
        m_mismatches = before;
        m_mismatches.insert(m_mismatches.end(), first.begin(), first.end());
    }

    void contentOf(const ExpectedOutput& expected, const WrittenObject& written)
    {
        const std::string whole
            = fmt::format("{} in the store {}", quoted(written.key), quoted(expected.store));
        const Result<std::string> text = m_observed.read(written);
        if (!text) {
            tell(expected.pointer, nameOf(expected), {},
                 fmt::format("{} cannot be read: {}", whole, text.error().message));
        } else if (expected.text && *expected.text != *text) {
            const auto [is, wanted] = shortenedPair(asJson(*text), asJson(*expected.text));
            tell(expected.pointer + "/text", *expected.text, *text,
                 fmt::format("{} holds {} instead of {}", whole, is, wanted));
        } else if (expected.matches && !expected.matches->foundIn(*text)) {
            tell(expected.pointer + "/matches", expected.matches->text(), *text,
                 fmt::format("{} holds {}, which does not match {}", whole, quoted(*text),
                             quoted(expected.matches->text())));
        } else if (expected.json) {
            json({*expected.json, expected.pointer + "/json"}, *text, whole);
        }
    }

    const Expectation& m_expectation;
    const Observed& m_observed;
    std::vector<Mismatch> m_mismatches;
};

} // namespace

ErrorWords errorWords(const std::string& payload)
{
    ErrorWords words{"Unknown", {}};
    const Result<JsonText> parsed = parseJson(payload, {});
    if (!parsed || !parsed->root().isObject())
        return words;
    if (const auto type = parsed->root().find("errorType"); type && type->isString())
        words.type = type->string();
    if (const auto message = parsed->root().find("errorMessage"); message && message->isString())
        words.message = message->string();
    // "RequestId: 8476a536-… Error: Task timed out": the id is another one each time.
    constexpr std::string_view kBefore = "RequestId: ", kAfter = " Error: ";
    constexpr std::size_t kIdLength = 36;
    const std::size_t after = kBefore.size() + kIdLength;
    if (words.message.starts_with(kBefore) && words.message.size() > after
        && words.message.compare(after, kAfter.size(), kAfter) == 0)
        words.message.erase(0, after + kAfter.size());
    return words;
}

std::vector<Mismatch> judge(const Expectation& expectation, const Observed& observed)
{
    return Judge(expectation, observed).verdict();
}

} // namespace coldframe::check
