#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>

#include <gtest/gtest.h>

#include "sources/folder_watcher.h"
#include "temporary_folder.h"

/// A temporary folder and a watcher on it, whose changes are collected as they come.
class WatchedFolder {
public:
    using Change = coldframe::sources::FileChange;
    using Options = coldframe::sources::FolderWatcher::Options;

    explicit WatchedFolder(const std::filesystem::path& folder, Options options = {})
        : m_folder(folder)
    {
        options.wake = [this] {
            const std::lock_guard lock(m_mutex);
            ++m_wakes;
            m_woken.notify_all();
        };
        auto watcher = coldframe::sources::FolderWatcher::start(folder, std::move(options));
        if (!watcher)
            ADD_FAILURE() << describe(watcher.error());
        else
            m_watcher = std::move(*watcher);
    }

    coldframe::sources::FolderWatcher& watcher() { return *m_watcher; }
    const std::vector<Change>& changes() const { return m_changes; }

    /// Collects until the condition holds; false after a minute without that.
    bool until(const std::function<bool()>& condition)
    {
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (true) {
            std::unique_lock lock(m_mutex);
            const auto wakes = m_wakes;
            lock.unlock();
            collect();
            if (condition())
                return true;
            lock.lock();
            if (!m_woken.wait_until(lock, limit, [&] { return m_wakes != wakes; })) {
                lock.unlock();
                collect();
                return condition();
            }
        }
    }

    void collect()
    {
        for (Change& change : m_watcher->drain()) {
            if (m_inspect)
                m_inspect(change);
            m_changes.push_back(std::move(change));
        }
    }
    void inspectEach(std::function<void(const Change&)> inspect) { m_inspect = std::move(inspect); }

    /// "+a" created, "-a" removed, in order; files whose names begin with "marker" left out.
    std::vector<std::string> told() const
    {
        std::vector<std::string> texts;
        for (const Change& change : m_changes)
            if (!change.key.starts_with("marker"))
                texts.push_back((change.kind == Change::Kind::Created ? "+" : "-") + change.key);
        return texts;
    }
    std::map<std::string, int> timesTold() const
    {
        std::map<std::string, int> times;
        for (const std::string& text : told())
            ++times[text];
        return times;
    }

    /// Everything done before this call has been told when it returns (unless it has to wait).
    bool settleByMarker()
    {
        const std::string marker = "marker-" + std::to_string(++m_markers);
        coldframe::test::writeFile(m_folder / marker, marker);
        return until([&] {
            for (const Change& change : m_changes)
                if (change.key == marker)
                    return true;
            return false;
        });
    }

private:
    std::filesystem::path m_folder;
    std::mutex m_mutex;
    std::condition_variable m_woken;
    std::uint64_t m_wakes = 0;
    std::vector<Change> m_changes;
    std::function<void(const Change&)> m_inspect;
    int m_markers = 0;
    std::unique_ptr<coldframe::sources::FolderWatcher> m_watcher; ///< last: stops first
};
