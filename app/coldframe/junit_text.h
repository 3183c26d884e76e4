#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/time.h"
#include "session/test_run.h"

namespace coldframe::commands {

/// A text for XML 1.0: what the format cannot hold (most control characters, bytes that are no
/// UTF-8) is replaced, so that every reader takes it. Between tags.
std::string xmlText(std::string_view text);
/// The same in the quotes of an attribute, where line ends would become blanks.
std::string xmlAttribute(std::string_view text);

/// Test results as JUnit XML, which build servers read. One suite, named after the workspace; times
/// are seconds of this machine, platform time and cost are properties.
/// Source: the Apache Ant JUnit report format as Jenkins and GitLab describe it, read 2026-11.
std::string junitText(const std::string& workspace, const std::vector<session::TestCase>& tests,
                      const std::vector<session::TestResult>& results, TimePoint startedAt);

} // namespace coldframe::commands
