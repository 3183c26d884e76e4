#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "process/host.h"
#include "session/session.h"

// Real workspaces in temporary folders, with real processes behind them.
namespace coldframe::session::test {

namespace fs = std::filesystem;

class LiveWorkspace {
public:
    LiveWorkspace()
    {
        std::string name = "/tmp/coldframe-test-XXXXXX";
        folder = mkdtemp(name.data());
        process::setReaperPath(COLDFRAME_BINARY_DIR "/app/instance/coldframe-instance");
        setenv("XDG_CONFIG_HOME", (folder / "config").c_str(), 1);
    }
    ~LiveWorkspace()
    {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
    void write(const std::string& file, const std::string& text) const
    {
        fs::create_directories((folder / file).parent_path());
        const fs::path temporary = folder / (file + "~");
        std::ofstream(temporary) << text;
        fs::rename(temporary, folder / file);
    }
    /// A workspace of one Python function "f" in app.py.
    void python(const std::string& body, const std::string& settings = "") const
    {
        write("code/app.py", body);
        workspaceFile(settings);
    }
    /// Its workspace file alone.
    void workspaceFile(const std::string& settings) const
    {
        write("coldframe.json",
              R"({"format": 1, "name": "test", "functions": {"f": {"runtime": "python",
                  "interpreter": "/usr/bin/python3", "code": "code", "handler": "app.handler")"
                  + settings + "}}}");
    }
    std::unique_ptr<Session> open(Options options = {}) const
    {
        options.workspace = folder;
        options.resources = COLDFRAME_SOURCE_DIR "/resources";
        auto session = Session::open(std::move(options));
        if (!session)
            ADD_FAILURE() << describe(session.error());
        return session ? std::move(*session) : nullptr;
    }
    fs::path folder;
};

/// Waits for a condition, generously: machines are shared.
inline bool eventually(const std::function<bool()>& condition,
                       std::chrono::seconds limit = std::chrono::seconds(60))
{
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

/// Sends and collects answers.
class Answers {
public:
    Session::Done collect()
    {
        return [this](const Answer& answer) {
            const std::lock_guard lock(m_mutex);
            m_answers.push_back(answer);
        };
    }
    std::vector<Answer> wait(std::size_t count)
    {
        EXPECT_TRUE(eventually([&] {
            const std::lock_guard lock(m_mutex);
            return m_answers.size() >= count;
        })) << "answers: "
            << m_answers.size() << " of " << count;
        const std::lock_guard lock(m_mutex);
        return m_answers;
    }

private:
    std::mutex m_mutex;
    std::vector<Answer> m_answers;
};

inline Answer call(Session& session, const std::string& event, const std::string& function = "f")
{
    Answers answers;
    session.send({.function = function, .event = event}, answers.collect());
    const auto all = answers.wait(1);
    return all.empty() ? Answer{} : all.front();
}

} // namespace coldframe::session::test
