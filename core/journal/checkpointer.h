#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <thread>

#include "sqlite/sqlite.h"

namespace coldframe::journal {

/// Moves SQLite's write-ahead log into the database on a thread and connection of its own. A
/// checkpoint of 16 MB copies for 30 ms; inside a commit, every entry of the group would wait.
class Checkpointer {
public:
    explicit Checkpointer(const std::filesystem::path& file);
    /// Watches the connection that writes; it must not outlive this object with commits to come.
    void watch(sqlite3* writer);

private:
    static int afterCommit(void* self, sqlite3* writer, const char* name, int pages);
    void run(const std::stop_token& stop);

    sqlite::Database m_db;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_wanted = false; ///< guarded
    std::atomic<int> m_copied = 0; ///< how far into the log the thread's last copy came, in pages
    int m_asked = 0; ///< length of the log when it was last asked for; only the writer's thread
    std::jthread m_thread; ///< last: it ends before the rest
};

} // namespace coldframe::journal
