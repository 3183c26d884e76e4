#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "journal/journal_store.h"

namespace coldframe::journal {

/// The queue between the callers and the thread that writes.
class Journal::Worker {
public:
    Worker(JournalStore store, std::filesystem::path file, JournalOptions options)
        : m_store(std::move(store)), m_file(std::move(file)), m_options(std::move(options)),
          m_warning(m_store.warning()), m_nextKey(m_store.progress().nextKey),
          m_engineTime(m_store.progress().engineTime.time_since_epoch().count()),
          m_foundEngineTime(m_store.progress().engineTime), m_run(m_store.run())
    {
        m_stats.stored = m_store.stored();
        m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
    }

    bool append(JournalEntry entry, std::function<void()> done);
    bool append(QueuedMessage message);
    void note(std::vector<SourceMark> marks);
    template <typename Change> void enqueue(Change change);
    Result<void> flush();
    void noteEngineTime(TimePoint now);
    JournalStats stats() const;
    std::uint64_t nextKey() { return m_nextKey.fetch_add(1, std::memory_order_relaxed); }
    bool full() const { return m_bytes.load(std::memory_order_relaxed) >= limit(); }
    const std::filesystem::path& file() const { return m_file; }
    const std::optional<Error>& warning() const { return m_warning; }
    TimePoint foundEngineTime() const { return m_foundEngineTime; }
    std::uint64_t runNumber() const { return m_run; }

private:
    std::size_t limit() const { return m_options.maxWaitingBytes; }
    bool makeRoom(std::size_t bytes);
    void wake(std::unique_lock<std::mutex>& lock);
    void run(const std::stop_token& stop);
    bool commitUntilDone(const std::stop_token& stop);
    void committed(Duration took);
    void report(const std::optional<Error>& stalled);
    void acknowledge();
    Progress progress() const;

    JournalStore m_store; ///< only the thread uses it
    const std::filesystem::path m_file;
    const JournalOptions m_options;
    const std::optional<Error> m_warning;
    std::atomic<std::uint64_t> m_nextKey;
    std::atomic<std::int64_t> m_engineTime;
    const TimePoint m_foundEngineTime;
    const std::uint64_t m_run;
    std::atomic<std::size_t> m_bytes = 0; ///< of what is not durable: appends, messages, marks

    mutable std::mutex m_mutex;
    std::condition_variable_any m_work, m_written;
    Batch m_next; ///< guarded, as all below
    std::uint64_t m_given = 0, m_done = 0; ///< operations handed over, and written
    std::uint64_t m_flushers = 0; ///< a commit is waited for: do not group any longer
    bool m_asleep = false; ///< the thread waits for work without a time
    JournalStats m_stats;

    Batch m_batch; ///< under commit; only the thread uses it
    std::vector<std::uint64_t> m_keys;
    std::jthread m_thread; ///< last: it ends before the rest
};

template <typename Change> void Journal::Worker::enqueue(Change change)
{
    std::unique_lock lock(m_mutex);
    change(m_next);
    wake(lock);
}

} // namespace coldframe::journal
