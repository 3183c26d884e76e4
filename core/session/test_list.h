#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "check/expectation.h"
#include "model/workspace.h"

namespace coldframe::session {

inline constexpr const char* kEventsFolder = "events";
inline constexpr const char* kExpectationEnd = ".expect.json";

/// A saved event, `events/NAME.json`, and what is expected of it, `events/NAME.expect.json`.
struct TestCase {
    std::string name; ///< "seed"
    std::filesystem::path event, expectationFile; ///< the second need not be there
    std::string function; ///< it is sent to; empty when that is not known
    std::optional<check::Expectation> expectation; ///< unset: nothing is expected, or see errors
    std::vector<Error> errors; ///< of the expectation, with places; the event is not looked into
};

/// The workspace's test events, by the bytes of their names. Reads the disk. `folder` is how paths
/// begin: as the user names the workspace, a folder or its file.
std::vector<TestCase> findTests(const Workspace& workspace, const std::filesystem::path& folder);

} // namespace coldframe::session
