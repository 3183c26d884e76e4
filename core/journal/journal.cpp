#include "journal/journal.h"

#include "journal/journal_worker.h"

namespace coldframe::journal {

Journal::Journal(std::unique_ptr<Worker> worker) : m_worker(std::move(worker)) { }
Journal::~Journal() = default;

Result<std::unique_ptr<Journal>> Journal::open(const std::filesystem::path& file,
                                               JournalOptions options)
{
    Result<JournalStore> store = JournalStore::open(file, options.durability);
    if (!store)
        return tl::unexpected(store.error());
    return std::unique_ptr<Journal>(
        new Journal(std::make_unique<Worker>(std::move(*store), file, std::move(options))));
}

const std::optional<Error>& Journal::warning() const
{
    return m_worker->warning();
}
std::uint64_t Journal::nextKey()
{
    return m_worker->nextKey();
}
bool Journal::full() const
{
    return m_worker->full();
}
Result<void> Journal::flush()
{
    return m_worker->flush();
}
void Journal::noteEngineTime(TimePoint now)
{
    m_worker->noteEngineTime(now);
}
std::uint64_t Journal::run() const
{
    return m_worker->runNumber();
}

TimePoint Journal::lastEngineTime() const
{
    return m_worker->foundEngineTime();
}
JournalStats Journal::stats() const
{
    return m_worker->stats();
}

bool Journal::append(JournalEntry entry, std::function<void()> done)
{
    return m_worker->append(std::move(entry), std::move(done));
}

void Journal::release(std::uint64_t key, std::uint32_t attemptsDone, TimePoint notBefore)
{
    m_worker->enqueue([&](Batch& next) {
        next.releases.push_back({.key = key, .attemptsDone = attemptsDone, .notBefore = notBefore});
    });
}

void Journal::remove(std::uint64_t key)
{
    m_worker->enqueue([&](Batch& next) { next.removes.push_back(key); });
}

bool Journal::append(QueuedMessage message)
{
    return m_worker->append(std::move(message));
}

void Journal::change(MessageStands stands)
{
    m_worker->enqueue([&](Batch& next) { next.messages.emplace_back(std::move(stands)); });
}

void Journal::change(MessageEdited edited)
{
    m_worker->enqueue([&](Batch& next) { next.messages.emplace_back(std::move(edited)); });
}

void Journal::change(MessageRemoved removed)
{
    m_worker->enqueue([&](Batch& next) { next.messages.emplace_back(removed); });
}

Result<std::vector<QueuedMessage>> Journal::messages() const
{
    return readMessages(m_worker->file());
}

const std::filesystem::path& Journal::file() const
{
    return m_worker->file();
}

void Journal::note(std::vector<SourceMark> marks)
{
    m_worker->note(std::move(marks));
}

Result<std::vector<SourceMark>> Journal::marks(const std::string& source) const
{
    return readMarks(m_worker->file(), source);
}

Result<std::vector<JournalEntry>> Journal::pending() const
{
    return readPending(m_worker->file());
}

} // namespace coldframe::journal
