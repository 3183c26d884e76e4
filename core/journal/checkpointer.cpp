#include "journal/checkpointer.h"

namespace coldframe::journal {

namespace {

constexpr int kPagesBetween = 1000; // 4 MB
// The log starts over only when nothing in it is left to copy, and while commits keep coming the
// thread never quite gets there: from 16 MB on the writer copies the rest itself, once it is short.
constexpr int kPagesAtMost = 4000;
constexpr int kShortRest = 250;
constexpr int kPagesInAnyCase = 16'000;

/// SQLite leaves this to whoever copies the last page; without it the writer's short rest would
/// wait for all that the thread copied. Through SQLite's own descriptor: closing another one of the
/// same file would drop its locks.
void syncDatabase(sqlite3* db)
{
    sqlite3_file* file = nullptr;
    sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (file && file->pMethods)
        file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

} // namespace

Checkpointer::Checkpointer(const std::filesystem::path& file)
{
    sqlite::openDatabase(file, SQLITE_OPEN_READWRITE, m_db);
    sqlite::execute(m_db.get(), "PRAGMA synchronous=NORMAL");
    m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
}

void Checkpointer::watch(sqlite3* writer)
{
    sqlite3_wal_hook(writer, &Checkpointer::afterCommit, this);
}

int Checkpointer::afterCommit(void* self, sqlite3* writer, const char* name, int pages)
{
    auto* checkpointer = static_cast<Checkpointer*>(self);
    if (pages < checkpointer->m_asked)
        checkpointer->m_asked = 0; // the log started over; m_copied is then past its end, or new
    if (pages - checkpointer->m_asked >= kPagesBetween) {
        checkpointer->m_asked = pages;
        const std::scoped_lock lock(checkpointer->m_mutex);
        checkpointer->m_wanted = true;
        checkpointer->m_wake.notify_one();
    }
    const int copied = checkpointer->m_copied.load(std::memory_order_relaxed);
    const bool shortRest = copied <= pages && pages - copied <= kShortRest;
    if ((pages >= kPagesAtMost && shortRest) || pages >= kPagesInAnyCase)
        sqlite3_wal_checkpoint_v2(writer, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    return SQLITE_OK;
}

void Checkpointer::run(const std::stop_token& stop)
{
    while (true) {
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return m_wanted; }))
                return;
            m_wanted = false;
        }
        // A failure loses nothing: the log keeps what was not copied, and commits report the disk.
        int length = 0, copied = 0;
        sqlite3_wal_checkpoint_v2(m_db.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &length, &copied);
        syncDatabase(m_db.get());
        m_copied.store(copied, std::memory_order_relaxed);
    }
}

} // namespace coldframe::journal
