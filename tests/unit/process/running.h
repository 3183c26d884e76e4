#pragma once

#include <utility> // Boost 1.74's awaitable needs it first with GCC 12

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <csignal>
#include <gtest/gtest.h>
#include <unistd.h>

#include "process/host.h"
#include "process/launch.h"

namespace coldframe::process::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Generous: the machine may be busy. Nothing waits this long unless it is broken.
inline constexpr auto kLimit = 30s;

inline void useBuiltReaper()
{
    setReaperPath(COLDFRAME_BINARY_DIR "/app/instance/coldframe-instance");
    becomeSubreaper();
    raiseFileLimit();
}

inline std::string uniqueName()
{
    static std::atomic<int> count = 0;
    return "coldframe-test-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
}

/// A folder that goes with the test.
class TemporaryFolder {
public:
    TemporaryFolder() : m_path(fs::temp_directory_path() / uniqueName())
    {
        fs::create_directory(m_path);
    }
    ~TemporaryFolder()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    fs::path operator/(const std::string& name) const { return m_path / name; }
    std::string path() const { return m_path; }

private:
    fs::path m_path;
};

/// What can be read of it: a file of /proc may end with its process while it is being read, which
/// an iterator over the stream would throw for.
inline std::string readFile(const fs::path& path)
{
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// Processes anywhere on the machine, zombies not counted, whose environment or command line holds
/// the text.
inline std::vector<pid_t> processesHolding(const std::string& text)
{
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != name.npos || name == std::to_string(::getpid()))
            continue;
        if ((readFile(entry.path() / "environ") + readFile(entry.path() / "cmdline")).find(text)
            != std::string::npos)
            found.push_back(std::stoi(name));
    }
    return found;
}

inline bool becomesTrue(const std::function<bool()>& condition)
{
    const auto end = std::chrono::steady_clock::now() + kLimit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        ::usleep(5000);
    }
    return true;
}

inline LaunchSpec specFor(std::vector<std::string> argv)
{
    LaunchSpec spec;
    spec.argv = std::move(argv);
    spec.workingFolder = std::string(1, '/');
    spec.environment = {"PATH=/usr/bin:/bin"};
    spec.token = uniqueName();
    return spec;
}

inline LaunchSpec shell(const std::string& script)
{
    return specFor({"sh", "-c", script});
}

/// One launched program and what came of it.
struct Running {
    explicit Running(LaunchSpec spec) : token(spec.token)
    {
        ProcessCallbacks callbacks;
        callbacks.onStarted = [this](pid_t pid) { startedPid = pid; };
        callbacks.onOutput = [this](Stream stream, std::string_view text) {
            (stream == Stream::Output ? output : errors) += text;
        };
        callbacks.onExit = [this](const ExitReport& r) {
            EXPECT_FALSE(report.has_value()) << "onExit came twice";
            report = r;
        };
        auto launched = launch(io, std::move(spec), std::move(callbacks));
        if (launched)
            process = std::move(*launched);
        else
            ADD_FAILURE() << describe(launched.error());
    }

    /// Runs the event loop until the condition holds; fails the test after the limit.
    void until(const std::function<bool()>& condition)
    {
        const auto end = std::chrono::steady_clock::now() + kLimit;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end)
                FAIL() << "waited in vain; output: " << output << " errors: " << errors;
            io.restart();
            io.run_one_for(50ms);
        }
    }
    const ExitReport& untilExit()
    {
        until([this] { return report.has_value(); });
        if (!report)
            report.emplace();
        return *report;
    }
    void untilOutput(const std::string& text)
    {
        until([&] { return output.find(text) != output.npos || report.has_value(); });
    }

    boost::asio::io_context io;
    std::string token;
    std::string output;
    std::string errors;
    pid_t startedPid = 0;
    std::optional<ExitReport> report;
    std::unique_ptr<Process> process;
};

} // namespace coldframe::process::test
