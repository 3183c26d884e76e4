#include "test_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "amount_text.h"
#include "session/command_text.h"

namespace coldframe::commands {

namespace {

using session::TestCase;
using session::TestOutcome;
using session::TestResult;

constexpr std::size_t kLogLines = 15; ///< of a test that failed

/// Characters, as a terminal counts most of them.
std::size_t widthOf(const std::string& text)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string filled(const std::string& text, std::size_t width)
{
    return text + std::string(width - std::min(width, widthOf(text)), ' ');
}

const char* markOf(TestOutcome outcome)
{
    switch (outcome) {
    case TestOutcome::Passed:
        return "✓";
    case TestOutcome::Failed:
        return "✗";
    case TestOutcome::Broken:
        return "!";
    case TestOutcome::NotRun:
    case TestOutcome::NothingExpected:
        break;
    }
    return "-";
}

const char* wordOf(TestOutcome outcome)
{
    switch (outcome) {
    case TestOutcome::Passed:
        return "passed";
    case TestOutcome::Failed:
        return "failed";
    case TestOutcome::Broken:
        return "broken";
    case TestOutcome::NotRun:
        return "not-run";
    case TestOutcome::NothingExpected:
        break;
    }
    return "nothing-expected";
}

bool ran(const TestResult& result)
{
    return result.outcome == TestOutcome::Passed || result.outcome == TestOutcome::Failed
        || result.outcome == TestOutcome::NothingExpected;
}

std::string figures(const TestResult& result)
{
    if (!ran(result))
        return result.outcome == TestOutcome::NotRun ? "not run" : "could not be judged";
    const session::Answer& answer = result.answer;
    if (answer.throttled)
        return "throttled";
    std::string text = fmt::format("{:.1f} ms platform", toMilliseconds(answer.platform));
    if (answer.init > Duration::zero())
        text += fmt::format(", {:.1f} ms init", toMilliseconds(answer.init));
    return text + fmt::format(", {} USD", usdText(answer.cost));
}

/// The last lines that the function printed, without those the platform adds.
std::string endOfLog(const std::string& log)
{
    std::vector<std::string_view> lines;
    for (std::size_t at = 0; at < log.size();) {
        const std::size_t end = std::min(log.find('\n', at), log.size());
        const std::string_view line(log.data() + at, end - at);
        if (!line.starts_with("START RequestId: ") && !line.starts_with("END RequestId: ")
            && !line.starts_with("REPORT RequestId: "))
            lines.push_back(line);
        at = end + 1;
    }
    const std::size_t first = lines.size() - std::min(lines.size(), kLogLines);
    std::string text;
    for (std::size_t i = first; i < lines.size(); ++i)
        text += fmt::format("  | {}\n", lines[i]);
    return text;
}

using Json = nlohmann::ordered_json;

std::string dump(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json mismatchesJson(const TestResult& result)
{
    Json list = Json::array();
    for (const check::Mismatch& mismatch : result.mismatches)
        list.push_back({{"pointer", mismatch.pointer},
                        {"line", mismatch.line},
                        {"column", mismatch.column},
                        {"expected", mismatch.expected},
                        {"got", mismatch.got},
                        {"message", mismatch.sentence}});
    return list;
}

std::string testJson(const TestCase& test, const TestResult& result)
{
    // Figures by hand: money is no floating-point number.
    std::string json = fmt::format(R"({{"name":{},"function":{},"outcome":"{}","tookMs":{:.3f})",
                                   dump(test.name), dump(test.function), wordOf(result.outcome),
                                   toMilliseconds(result.took));
    if (ran(result))
        json += fmt::format(R"(,"status":"{}","platformMs":{:.3f},"initMs":{:.3f},"costUsd":{})",
                            check::word(result.observed.status),
                            toMilliseconds(result.answer.platform),
                            toMilliseconds(result.answer.init), usdText(result.answer.cost));
    if (result.error)
        json += ",\"error\":" + dump(describe(*result.error));
    return json + ",\"mismatches\":" + dump(mismatchesJson(result)) + '}';
}

} // namespace

TestTally tallyOf(const std::vector<TestResult>& results)
{
    const auto count = [&](TestOutcome outcome) {
        return static_cast<std::size_t>(std::ranges::count(results, outcome, &TestResult::outcome));
    };
    return {count(TestOutcome::Passed), count(TestOutcome::Failed), count(TestOutcome::Broken),
            count(TestOutcome::NotRun), count(TestOutcome::NothingExpected)};
}

TestWidths widthsOf(const std::vector<TestCase>& tests)
{
    TestWidths widths;
    for (const TestCase& test : tests) {
        widths.name = std::max(widths.name, widthOf(test.name));
        widths.function = std::max(widths.function, widthOf(test.function));
    }
    return widths;
}

std::string testLine(const TestCase& test, const TestResult& result, const TestWidths& widths)
{
    return fmt::format("{} {}  {}  {}\n", markOf(result.outcome), filled(test.name, widths.name),
                       filled(test.function, widths.function), figures(result));
}

std::string mismatchesText(const TestCase& test, const TestResult& result,
                           const std::string& indent)
{
    std::string text;
    for (const check::Mismatch& mismatch : result.mismatches)
        text += fmt::format("{}{}:{}:{}: {}: {}\n", indent, test.expectationFile.string(),
                            mismatch.line, mismatch.column, mismatch.pointer, mismatch.sentence);
    return text;
}

std::string troubleText(const TestCase& test, const TestResult& result,
                        const std::string& workspace)
{
    if (result.outcome != TestOutcome::Failed && result.outcome != TestOutcome::Broken)
        return {};
    std::string text = fmt::format("\n{} {}\n", markOf(result.outcome), test.name);
    if (result.error)
        text += "  " + describe(*result.error) + '\n';
    text += mismatchesText(test, result, "  ") + endOfLog(result.answer.log);
    return text
        + fmt::format("  again: coldframe test {} {}\n", session::shellWord(workspace),
                      session::shellWord(test.name));
}

std::string testsSummary(const std::vector<TestResult>& results)
{
    const TestTally tally = tallyOf(results);
    Duration took{};
    for (const TestResult& result : results)
        took += result.took;
    std::string text = fmt::format("\n{}: {} passed, {} failed",
                                   plural(results.size() - tally.nothingExpected, "test"),
                                   tally.passed, tally.failed);
    if (tally.broken > 0)
        text += fmt::format(", {} could not be judged", tally.broken);
    if (tally.notRun > 0)
        text += fmt::format(", {} not run", tally.notRun);
    return text
        + fmt::format(", in {}\n"
                      "Platform time and cost are modelled, without waits for a core of this "
                      "machine; init is measured.\n",
                      durationText(took));
}

std::string testsJson(const std::vector<TestCase>& tests, const std::vector<TestResult>& results)
{
    const TestTally tally = tallyOf(results);
    std::string json = fmt::format(R"({{"passed":{},"failed":{},"broken":{},"notRun":{},"tests":[)",
                                   tally.passed, tally.failed, tally.broken, tally.notRun);
    for (std::size_t i = 0; i < tests.size(); ++i)
        json += (i > 0 ? "," : "") + testJson(tests[i], results[i]);
    return json + "]}\n";
}

} // namespace coldframe::commands
