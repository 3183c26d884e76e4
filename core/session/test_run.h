#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "check/judge.h"
#include "session/session.h"
#include "session/test_list.h"

namespace coldframe::session {

enum class TestOutcome : std::uint8_t {
    Passed,
    Failed, ///< something is not as expected
    Broken, ///< it could not be judged: see TestResult::error
    NotRun, ///< stopped before it had ended
    NothingExpected, ///< it ran, and has no expectation
};

struct TestResult {
    TestOutcome outcome = TestOutcome::NotRun;
    std::vector<check::Mismatch> mismatches; ///< of Failed
    std::optional<Error> error; ///< of Broken
    Answer answer; ///< when it ran
    check::Observed observed; ///< likewise; its `read` is gone
    Duration took{}; ///< all of it, on this machine
};

struct TestOptions {
    std::filesystem::path workspace; ///< folder or file; empty: the workspace's folder
    std::filesystem::path resources; ///< empty: found beside the program
    bool trusted = true; ///< false: the workspace's code does not run, unless the user allowed it
    std::stop_token stop; ///< ends the test under way and runs no other
    /// Called on the thread of runTests(), in order; `index` is that of the list.
    std::function<void(std::size_t index)> onStarted;
    std::function<void(std::size_t index, const TestResult& result)> onEnded;
};

/// Runs test events one after the other and judges them. Blocks; results are in the list's order.
///
/// Each test has a session of its own, with a private state and private copies of the stores, so
/// that it begins as after a deployment (cold), sees nothing of the others, and leaves nothing
/// behind. It is one synchronous call: no retries, no destinations. Neither the workspace's folder
/// nor a session that is open on it is touched.
std::vector<TestResult> runTests(const Workspace& workspace, const std::vector<TestCase>& tests,
                                 const TestOptions& options);

/// How an answer counts in expectations.
check::Status statusOf(const Answer& answer);

} // namespace coldframe::session
