#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "journal/journal.h"
#include "temporary_folder.h"

namespace coldframe::journal {

using test::TemporaryFolder;

/// Collects what a journal reports and lets the test wait for it.
class StateLog {
public:
    void operator()(const std::optional<Error>& stalled)
    {
        const std::scoped_lock lock(m_mutex);
        m_lines.push_back(stalled ? describe(*stalled) : "works again");
        m_changed.notify_all();
    }
    /// The lines, once there are that many; fewer only after half a minute.
    std::vector<std::string> waitFor(std::size_t count)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, std::chrono::seconds(30), [&] { return m_lines.size() >= count; });
        return m_lines;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::string> m_lines;
};

inline JournalEntry entryOf(Journal& journal, std::string body = R"({"n": 1})")
{
    JournalEntry entry;
    entry.key = journal.nextKey();
    entry.function = "uppercase";
    entry.trigger = "on-upload";
    entry.sourceKey = "data/uploads/1.json";
    entry.requestId = "7f5c0a52-6d0c-4f0e-8f0b-0d3f6a5a1b2c";
    entry.acceptedAt = TimePoint(std::chrono::seconds(1'700'000'000));
    entry.hops = 2;
    entry.body = std::move(body);
    return entry;
}

inline std::vector<std::uint64_t> keysOf(const Result<std::vector<JournalEntry>>& entries)
{
    EXPECT_TRUE(entries) << (entries ? "" : describe(entries.error()));
    std::vector<std::uint64_t> keys;
    for (const JournalEntry& entry : entries.value_or(std::vector<JournalEntry>{}))
        keys.push_back(entry.key);
    return keys;
}

/// Runs SQL on the file with a connection of the test's own.
inline std::string sqlite(const std::filesystem::path& file, const char* sql)
{
    sqlite3* db = nullptr;
    std::string text;
    sqlite3_open(file.c_str(), &db);
    const auto first = [](void* out, int, char** values, char**) {
        *static_cast<std::string*>(out) += values[0] ? values[0] : "NULL";
        return 0;
    };
    if (sqlite3_exec(db, sql, first, &text, nullptr) != SQLITE_OK)
        text = sqlite3_errmsg(db);
    sqlite3_close(db);
    return text;
}

} // namespace coldframe::journal
