#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "session/test_run.h"

// Test results as text and as JSON.
namespace coldframe::commands {

struct TestTally {
    std::size_t passed = 0, failed = 0, broken = 0, notRun = 0, nothingExpected = 0;
};
TestTally tallyOf(const std::vector<session::TestResult>& results);

/// "✓ seed  uppercase  1.9 ms platform, 45.2 ms init, 0.0000003959 USD", with a line end. Names and
/// functions are filled up to the widths.
struct TestWidths {
    std::size_t name = 0, function = 0; ///< characters
};
TestWidths widthsOf(const std::vector<session::TestCase>& tests);
std::string testLine(const session::TestCase& test, const session::TestResult& result,
                     const TestWidths& widths);

/// Each mismatch on a line of its own, as compilers write them: file, line, column, pointer.
std::string mismatchesText(const session::TestCase& test, const session::TestResult& result,
                           const std::string& indent = {});

/// What is wrong with one test, the end of its log, and how to run it alone; empty when nothing is.
/// `workspace` is what was written on the command line.
std::string troubleText(const session::TestCase& test, const session::TestResult& result,
                        const std::string& workspace);

/// "3 tests: 2 passed, 1 failed, in 1.2 s", and where the figures come from.
std::string testsSummary(const std::vector<session::TestResult>& results);

/// All of it on one line.
std::string testsJson(const std::vector<session::TestCase>& tests,
                      const std::vector<session::TestResult>& results);

} // namespace coldframe::commands
