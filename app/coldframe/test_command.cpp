#include <algorithm>
#include <chrono>
#include <future>

#include <fmt/format.h>
#include <fnmatch.h>

#include "check/expectation_text.h"
#include "commands.h"
#include "console.h"
#include "interrupt.h"
#include "junit_text.h"
#include "model/text_file.h"
#include "opened_workspace.h"
#include "test_text.h"

namespace coldframe::commands {

namespace {

namespace fs = std::filesystem;
using session::TestCase;
using session::TestOutcome;
using session::TestResult;

constexpr char kRewind[] = "\r\033[K"; ///< to the beginning of the line, which is emptied

std::vector<std::string> namesOf(const std::vector<TestCase>& tests)
{
    std::vector<std::string> names;
    for (const TestCase& test : tests)
        names.push_back(test.name);
    return names;
}

/// The tests whose name one of the filters matches; all of them without a filter.
Result<std::vector<TestCase>> chosen(std::vector<TestCase> tests,
                                     const std::vector<std::string>& filters)
{
    const auto matches = [](const std::string& filter, const TestCase& test) {
        return ::fnmatch(filter.c_str(), test.name.c_str(), 0) == 0;
    };
    for (const std::string& filter : filters)
        if (std::ranges::none_of(tests,
                                 [&](const TestCase& test) { return matches(filter, test); }))
            return tl::unexpected(unknownName("test event", filter, namesOf(tests)));
    if (!filters.empty())
        std::erase_if(tests, [&](const TestCase& test) {
            return std::ranges::none_of(
                filters, [&](const std::string& filter) { return matches(filter, test); });
        });
    return tests;
}

/// Takes those out of which nothing is expected, and says how many they were.
std::size_t setAside(std::vector<TestCase>& tests)
{
    return std::erase_if(
        tests, [](const TestCase& test) { return !test.expectation && test.errors.empty(); });
}

Error nothingExpected(const TestOptions& options)
{
    return {.code = Error::Code::Missing,
            .message = "no test event has an expectation",
            .hint
            = fmt::format("save an event as {} and run this again with --write-missing, "
                          "which writes down what happens; docs/TESTING.md says more",
                          (options.workspace / session::kEventsFolder / "NAME.json").string())};
}

/// Expectations that cannot be read: all are told, and nothing runs.
std::vector<TestResult> unreadable(const std::vector<TestCase>& tests)
{
    std::vector<TestResult> results(tests.size());
    for (std::size_t i = 0; i < tests.size(); ++i)
        if (!tests[i].errors.empty()) {
            results[i].outcome = TestOutcome::Broken;
            results[i].error = tests[i].errors.front();
        }
    return results;
}

/// Lines as tests end: on standard output, unless that is for JSON.
class Lines {
public:
    Lines(const std::vector<TestCase>& tests, bool json)
        : m_tests(tests), m_widths(widthsOf(tests)), m_json(json), m_terminal(errorIsTerminal())
    { }

    void started(std::size_t index) const
    {
        if (m_terminal)
            sayRaw(fmt::format("{}[{}/{}] {}", kRewind, index + 1, m_tests.size(),
                               m_tests[index].name));
    }
    void ended(std::size_t index, const TestResult& result) const
    {
        if (m_terminal)
            sayRaw(kRewind);
        const std::string line = testLine(m_tests[index], result, m_widths);
        if (m_json)
            sayRaw(line);
        else
            (void)writeOut(line); // a full disk is told of at the end
    }

private:
    const std::vector<TestCase>& m_tests;
    TestWidths m_widths;
    bool m_json, m_terminal;
};

/// Runs them on a thread of their own, so that a signal is noticed.
std::vector<TestResult> runAll(const TestOptions& options, const Workspace& workspace,
                               const std::vector<TestCase>& tests)
{
    const Interrupt interrupt;
    const Lines lines(tests, options.json);
    std::stop_source stop;
    session::TestOptions how{.workspace = options.workspace, .stop = stop.get_token()};
    how.onStarted = [&](std::size_t index) { lines.started(index); };
    how.onEnded = [&](std::size_t index, const TestResult& result) { lines.ended(index, result); };
    auto results
        = std::async(std::launch::async, [&] { return session::runTests(workspace, tests, how); });
    while (results.wait_for(std::chrono::milliseconds(0)) != std::future_status::ready)
        if (interrupt.wait(std::chrono::milliseconds(20))) {
            stop.request_stop();
            results.wait();
        }
    return results.get();
}

/// Writes down what happened, where nothing is expected yet.
Result<void> writeMissing(const std::vector<TestCase>& tests,
                          const std::vector<TestResult>& results)
{
    for (std::size_t i = 0; i < tests.size(); ++i) {
        if (results[i].outcome != TestOutcome::NothingExpected)
            continue;
        auto written = writeNewFile(tests[i].expectationFile,
                                    check::expectationText(tests[i].function, results[i].observed));
        if (!written)
            return written;
        say(fmt::format("wrote {}: read it before you rely on it",
                        tests[i].expectationFile.string()));
    }
    return {};
}

Result<void> writeJunit(const TestOptions& options, const Workspace& workspace,
                        const std::vector<TestCase>& tests, const std::vector<TestResult>& results,
                        TimePoint startedAt)
{
    if (options.junit.empty())
        return {};
    std::error_code problem;
    if (options.junit.has_parent_path())
        fs::create_directories(options.junit.parent_path(), problem); // else the writer says why
    return replaceFile(options.junit, junitText(workspace.name, tests, results, startedAt));
}

Result<void> tell(const TestOptions& options, const std::vector<TestCase>& tests,
                  const std::vector<TestResult>& results, std::size_t aside)
{
    if (options.json)
        return writeOut(testsJson(tests, results));
    std::string text;
    for (std::size_t i = 0; i < tests.size(); ++i)
        text += troubleText(tests[i], results[i], options.workspace.string());
    text += testsSummary(results);
    if (aside > 0)
        text += fmt::format("{} event{} no expectation; --write-missing writes {} down.\n", aside,
                            aside == 1 ? " has" : "s have", aside == 1 ? "it" : "them");
    return writeOut(text);
}

ExitCode exitCodeOf(const std::vector<TestCase>& tests, const std::vector<TestResult>& results)
{
    ExitCode code = ExitCode::Success;
    for (std::size_t i = 0; i < tests.size(); ++i)
        if (const TestResult& result = results[i]; result.error) {
            const bool ofEvent = result.error->file == tests[i].event.string();
            code = std::max(code,
                            ofEvent ? ExitCode::BadInput : commands::exitCodeOf(*result.error));
        } else if (result.outcome == TestOutcome::Failed || result.outcome == TestOutcome::NotRun)
            code = std::max(code, ExitCode::Failed);
    return code;
}

/// The worse of the tests' own code and of what went wrong in telling of them.
ExitCode finish(ExitCode code, std::initializer_list<Result<void>> steps)
{
    for (const Result<void>& step : steps)
        if (!step) {
            say(step.error());
            code = std::max(code, commands::exitCodeOf(step.error()));
        }
    return code;
}

} // namespace

ExitCode test(const TestOptions& options)
{
    const auto workspace = readForRunning(options.workspace, Extent::SingleFunctions);
    if (!workspace)
        return workspace.error();
    auto tests = chosen(session::findTests(*workspace, options.workspace), options.filters);
    if (!tests) {
        say(tests.error());
        return ExitCode::BadInput;
    }
    const std::size_t aside = options.writeMissing ? 0 : setAside(*tests);
    if (tests->empty()) {
        say(nothingExpected(options));
        return ExitCode::BadInput;
    }
    const TimePoint startedAt = std::chrono::system_clock::now();
    const bool readable
        = std::ranges::all_of(*tests, [](const TestCase& one) { return one.errors.empty(); });
    if (!readable) {
        for (const TestCase& one : *tests)
            sayRaw(describe(one.errors));
        const auto results = unreadable(*tests);
        return finish(ExitCode::BadInput,
                      {options.json ? writeOut(testsJson(*tests, results)) : Result<void>(),
                       writeJunit(options, *workspace, *tests, results, startedAt)});
    }
    const auto results = runAll(options, *workspace, *tests);
    if (tallyOf(results).notRun > 0)
        say("coldframe: interrupted before every test had run");
    return finish(exitCodeOf(*tests, results),
                  {tell(options, *tests, results, aside), writeMissing(*tests, results),
                   writeJunit(options, *workspace, *tests, results, startedAt)});
}

} // namespace coldframe::commands
