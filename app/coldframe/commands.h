#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "exit_code.h"
#include "model/fidelity.h"
#include "model/time.h"

// One function per command. They say on standard error what they cannot do, and how to mend it.
namespace coldframe::commands {

struct ValidateOptions {
    std::filesystem::path workspace = ".";
    bool json = false;
};
/// Findings go to standard output, one a line, as compilers write them.
ExitCode validate(const ValidateOptions& options);

struct InvokeOptions {
    std::filesystem::path workspace = ".";
    std::string function;
    std::string event; ///< a file, "-" for standard input, empty for `{}`
    bool json = false;
    bool quiet = false; ///< no logs on standard error
    bool debug = false; ///< held for a debugger before the handler is called
};
/// Runs one event in a state of its own. Standard output gets the result and nothing else.
ExitCode invoke(const InvokeOptions& options);

struct RunOptions {
    std::filesystem::path workspace = ".";
    std::filesystem::path state;
    std::optional<Duration> length; ///< unset: until a signal
    bool untilIdle = false;
    bool skipIdle = false; ///< the clock jumps while nothing is executing
    std::optional<TimePoint> from; ///< what that clock shows at first; unset: the wall's time
    std::optional<std::uint16_t> servePort;
    std::optional<std::uint16_t> s3Port;
    std::optional<std::uint16_t> sqsPort;
    std::vector<std::string> backfill;
    RunLimits limits;
    std::optional<Fidelity> fidelity;
    int deskSlots = 0;
    bool powerDurability = false;
    bool record = true;
    bool json = false;
};
/// Starts the triggers and says what happens, until it is over.
ExitCode run(const RunOptions& options);

struct TestOptions {
    std::filesystem::path workspace = ".";
    std::vector<std::string> filters; ///< names with * and ?; empty: all
    std::filesystem::path junit; ///< empty: none is written
    bool writeMissing = false;
    bool json = false;
};
/// Runs the test events that have an expectation, each in a state and stores of its own.
ExitCode test(const TestOptions& options);

struct InitOptions {
    std::filesystem::path folder = ".";
    bool json = false;
};
/// Looks for handlers and writes a coldframe.json for them.
ExitCode init(const InitOptions& options);

struct CaptureOptions {
    enum class What { Show, Install, Remove };
    std::filesystem::path workspace = ".";
    std::filesystem::path state; ///< empty: the workspace's own
    std::string trigger; ///< empty: all of the kind "changes"
    What what = What::Show;
    bool yes = false; ///< the question is answered
    bool json = false;
};
/// What is installed in databases for triggers over changes of tables; installs or removes it once
/// somebody has agreed: exit code 1 when not. What is carried out is shown on standard error first.
ExitCode capture(const CaptureOptions& options);

struct MatchOptions {
    std::string pattern; ///< a file, or "-" for standard input
    std::string event; ///< likewise
    bool json = false;
};
/// Whether an event matches an event pattern, and if not, why: exit codes 0 and 1.
ExitCode match(const MatchOptions& options);

ExitCode version(bool json);

/// Reads the command line and does what it says.
ExitCode execute(int argc, char** argv);

} // namespace coldframe::commands
