#include "junit_text.h"

#include <ctime>

#include <fmt/format.h>

#include "amount_text.h"
#include "model/utf8.h"
#include "test_text.h"

namespace coldframe::commands {

namespace {

using session::TestCase;
using session::TestOutcome;
using session::TestResult;

/// Characters that XML 1.0 allows. Source: www.w3.org/TR/xml, production [2], read 2026-11.
bool isAllowed(std::string_view character)
{
    const auto first = static_cast<unsigned char>(character.front());
    if (character.size() == 1)
        return first >= ' ' || first == '\t' || first == '\n' || first == '\r';
    return character != "\xef\xbf\xbe" && character != "\xef\xbf\xbf"; // U+FFFE and U+FFFF
}

void appendXml(std::string& xml, std::string_view character, bool inAttribute)
{
    const bool blank = character == "\n" || character == "\t";
    if (!isAllowed(character))
        xml += "\xef\xbf\xbd"; // U+FFFD, the replacement character
    else if (character == "&")
        xml += "&amp;";
    else if (character == "<")
        xml += "&lt;";
    else if (character == ">")
        xml += "&gt;";
    else if (character == "\"")
        xml += "&quot;";
    else if (character == "\r" || (blank && inAttribute))
        xml += fmt::format("&#{};", static_cast<int>(character.front()));
    else
        xml += character;
}

std::string escaped(std::string_view text, bool inAttribute)
{
    std::string xml;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8Length(text, at);
        if (length == 0)
            xml += "\xef\xbf\xbd";
        else
            appendXml(xml, text.substr(at, length), inAttribute);
        at += length == 0 ? 1 : length;
    }
    return xml;
}

std::string isoTime(TimePoint at)
{
    const std::time_t seconds = std::chrono::system_clock::to_time_t(
        std::chrono::time_point_cast<std::chrono::system_clock::duration>(at));
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", parts.tm_year + 1900,
                       parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string property(const char* name, const std::string& value)
{
    return fmt::format("        <property name=\"{}\" value=\"{}\"/>\n", name, xmlAttribute(value));
}

std::string properties(const TestResult& result)
{
    const session::Answer& answer = result.answer;
    return "      <properties>\n" + property("status", check::word(result.observed.status))
        + property("platform-ms-modelled", fmt::format("{:.3f}", toMilliseconds(answer.platform)))
        + property("init-ms-measured", fmt::format("{:.3f}", toMilliseconds(answer.init)))
        + property("cost-usd-modelled", usdText(answer.cost)) + "      </properties>\n";
}

std::string verdict(const TestCase& test, const TestResult& result)
{
    switch (result.outcome) {
    case TestOutcome::Passed:
    case TestOutcome::NothingExpected:
        return {};
    case TestOutcome::Failed:
        return fmt::format("      <failure message=\"{}\" type=\"{}\">{}</failure>\n",
                           xmlAttribute(result.mismatches.front().sentence),
                           xmlAttribute(result.mismatches.front().pointer),
                           xmlText(mismatchesText(test, result)));
    case TestOutcome::Broken:
        return fmt::format(
            "      <error message=\"{}\" type=\"error\">{}</error>\n",
            xmlAttribute(result.error->message),
            xmlText(test.errors.empty() ? describe(*result.error) : describe(test.errors)));
    case TestOutcome::NotRun:
        return "      <skipped message=\"not run\"/>\n";
    }
    return {};
}

std::string testCase(const std::string& workspace, const TestCase& test, const TestResult& result)
{
    std::string xml = fmt::format(
        "    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" time=\"{:.3f}\">\n",
        xmlAttribute(test.name),
        xmlAttribute(test.function.empty() ? workspace : workspace + '.' + test.function),
        xmlAttribute(test.expectationFile.string()), toSeconds(result.took));
    const bool ran = result.outcome == TestOutcome::Passed || result.outcome == TestOutcome::Failed;
    if (ran)
        xml += properties(result);
    xml += verdict(test, result);
    if (ran && !result.answer.log.empty())
        xml += fmt::format("      <system-out>{}</system-out>\n", xmlText(result.answer.log));
    return xml + "    </testcase>\n";
}

} // namespace

std::string xmlText(std::string_view text)
{
    return escaped(text, false);
}

std::string xmlAttribute(std::string_view text)
{
    return escaped(text, true);
}

std::string junitText(const std::string& workspace, const std::vector<TestCase>& tests,
                      const std::vector<TestResult>& results, TimePoint startedAt)
{
    const TestTally tally = tallyOf(results);
    Duration took{};
    for (const TestResult& result : results)
        took += result.took;
    const std::string counts
        = fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\"",
                      results.size(), tally.failed, tally.broken, tally.notRun, toSeconds(took));
    std::string xml = fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                  "<testsuites name=\"coldframe\" {}>\n"
                                  "  <testsuite name=\"{}\" {} timestamp=\"{}\">\n",
                                  counts, xmlAttribute(workspace), counts, isoTime(startedAt));
    for (std::size_t i = 0; i < tests.size(); ++i)
        xml += testCase(workspace, tests[i], results[i]);
    return xml + "  </testsuite>\n</testsuites>\n";
}

} // namespace coldframe::commands
