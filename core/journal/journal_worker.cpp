#include "journal/journal_worker.h"

#include <algorithm>
#include <iterator>

namespace coldframe::journal {

namespace {

using Clock = std::chrono::steady_clock;

constexpr Duration kFirstRetry = std::chrono::milliseconds(10);
constexpr Duration kLongestRetry = std::chrono::seconds(1);

std::size_t memoryOf(const std::vector<SourceMark>& marks)
{
    std::size_t bytes = 0;
    for (const SourceMark& mark : marks)
        bytes += sizeof(SourceMark) + mark.source.size() + mark.key.size() + mark.value.size();
    return bytes;
}

std::size_t memoryOf(const JournalEntry& entry)
{
    return memoryOf(entry.marks) + sizeof(JournalEntry) + entry.function.size()
        + entry.trigger.size() + entry.sourceKey.size() + entry.requestId.size()
        + entry.body.size();
}

std::size_t memoryOf(const QueuedMessage& message)
{
    return sizeof(MessageChange) + message.messageId.size() + message.body.size()
        + message.attributes.size() + message.group.size() + message.deduplication.size();
}

} // namespace

bool Journal::Worker::append(JournalEntry entry, std::function<void()> done)
{
    const std::size_t bytes = memoryOf(entry);
    std::unique_lock lock(m_mutex);
    if (!makeRoom(bytes))
        return false;
    std::ranges::move(entry.marks, std::back_inserter(m_next.marks));
    entry.marks.clear();
    m_next.appends.push_back(std::move(entry));
    m_next.callbacks.push_back(std::move(done));
    ++m_stats.waiting;
    wake(lock);
    return true;
}

bool Journal::Worker::append(QueuedMessage message)
{
    const std::size_t bytes = memoryOf(message);
    std::unique_lock lock(m_mutex);
    if (!makeRoom(bytes))
        return false;
    m_next.messages.emplace_back(std::move(message));
    wake(lock);
    return true;
}

bool Journal::Worker::makeRoom(std::size_t bytes)
{
    // An entry larger than the whole limit may go alone, or it could never go.
    const std::size_t waiting = m_bytes.load(std::memory_order_relaxed);
    if (waiting > 0 && waiting + bytes > limit())
        return false;
    m_bytes.fetch_add(bytes, std::memory_order_relaxed);
    m_next.bytes += bytes;
    return true;
}

/// Never refused, but they take room: who watches full() stops making more of them.
void Journal::Worker::note(std::vector<SourceMark> marks)
{
    const std::size_t bytes = memoryOf(marks);
    std::unique_lock lock(m_mutex);
    m_bytes.fetch_add(bytes, std::memory_order_relaxed);
    m_next.bytes += bytes;
    std::ranges::move(marks, std::back_inserter(m_next.marks));
    ++m_next.notes;
    wake(lock);
}

void Journal::Worker::wake(std::unique_lock<std::mutex>& lock)
{
    ++m_given;
    if (!m_asleep)
        return; // it looks at the queue by itself: no system call for every entry
    m_asleep = false;
    lock.unlock();
    m_work.notify_one();
}

Result<void> Journal::Worker::flush()
{
    std::unique_lock lock(m_mutex);
    const std::uint64_t target = m_given;
    ++m_flushers;
    m_work.notify_one();
    m_written.wait(lock, [&] { return m_done >= target || m_stats.stalled; });
    --m_flushers;
    if (m_done >= target)
        return {};
    return tl::unexpected(*m_stats.stalled);
}

void Journal::Worker::noteEngineTime(TimePoint now)
{
    const std::int64_t time = now.time_since_epoch().count();
    std::int64_t before = m_engineTime.load(std::memory_order_relaxed);
    while (before < time
           && !m_engineTime.compare_exchange_weak(before, time, std::memory_order_relaxed)) { }
}

JournalStats Journal::Worker::stats() const
{
    const std::scoped_lock lock(m_mutex);
    JournalStats stats = m_stats;
    stats.waitingBytes = m_bytes.load(std::memory_order_relaxed);
    return stats;
}

Progress Journal::Worker::progress() const
{
    return {.engineTime = TimePoint(Duration(m_engineTime.load(std::memory_order_relaxed))),
            .nextKey = m_nextKey.load(std::memory_order_relaxed)};
}

void Journal::Worker::run(const std::stop_token& stop)
{
    Clock::time_point earliest{};
    bool healthy = true;
    while (true) {
        {
            std::unique_lock lock(m_mutex);
            m_asleep = true;
            m_work.wait(lock, stop, [&] { return m_next.size() > 0; });
            m_asleep = false;
            if (m_next.size() == 0)
                break; // asked to stop, and all is written
            m_work.wait_until(lock, stop, earliest, [&] { return m_flushers > 0; });
            std::swap(m_batch, m_next);
        }
        earliest = Clock::now() + m_options.groupEvery;
        if (healthy = commitUntilDone(stop); !healthy)
            break;
        acknowledge();
    }
    if (healthy) // how far engine time has come since the last event
        (void)m_store.commit(m_batch, progress());
    const std::scoped_lock lock(m_mutex);
    m_written.notify_all();
}

bool Journal::Worker::commitUntilDone(const std::stop_token& stop)
{
    for (Duration retry = kFirstRetry;; retry = std::min(2 * retry, kLongestRetry)) {
        const bool last = stop.stop_requested();
        const Clock::time_point begun = Clock::now();
        const Result<void> result = m_store.commit(m_batch, progress());
        if (result) {
            committed(Clock::now() - begun);
            return true;
        }
        report(result.error());
        if (last)
            return false;
        std::unique_lock lock(m_mutex);
        m_work.wait_for(lock, stop, retry, [] { return false; });
    }
}

void Journal::Worker::committed(Duration took)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stats.stored = m_store.stored();
        m_stats.waiting -= m_batch.appends.size();
        m_stats.commits += 1;
        m_stats.lastGroup = m_batch.size();
        m_stats.largestGroup = std::max(m_stats.largestGroup, m_stats.lastGroup);
        m_stats.lastCommitTook = took;
        m_stats.lastCommitAt = std::chrono::system_clock::now();
        m_done += m_batch.size();
    }
    m_bytes.fetch_sub(m_batch.bytes, std::memory_order_relaxed);
    m_written.notify_all();
    report({});
}

void Journal::Worker::report(const std::optional<Error>& stalled)
{
    {
        const std::scoped_lock lock(m_mutex);
        const bool same = stalled.has_value() == m_stats.stalled.has_value()
            && (!stalled || stalled->message == m_stats.stalled->message);
        if (same)
            return;
        m_stats.stalled = stalled;
    }
    m_written.notify_all();
    if (m_options.onState)
        m_options.onState(stalled);
}

void Journal::Worker::acknowledge()
{
    m_keys.clear();
    for (const JournalEntry& entry : m_batch.appends)
        m_keys.push_back(entry.key);
    const std::size_t events = m_keys.size();
    for (const MessageChange& change : m_batch.messages)
        if (const auto* sent = std::get_if<QueuedMessage>(&change))
            m_keys.push_back(sent->key);
    if (events > 0 && m_options.onDurable)
        m_options.onDurable(std::span(m_keys).first(events));
    if (m_keys.size() > events && m_options.onMessages)
        m_options.onMessages(std::span(m_keys).subspan(events));
    for (const std::function<void()>& done : m_batch.callbacks) {
        if (done)
            done();
    }
    m_batch.clear();
}

} // namespace coldframe::journal
