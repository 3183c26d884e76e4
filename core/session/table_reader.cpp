#include "session/table_entry.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

namespace coldframe::session {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto kLetGo = 10s; // without anybody who reads: connections are closed

} // namespace

TableReader::TableReader(Hands hands)
    : m_hands(std::move(hands)), m_wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      m_thread([this] { run(); })
{ }

TableReader::~TableReader()
{
    end();
    m_thread.join();
    ::close(m_wake);
}

void TableReader::wake()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(m_wake, &one, sizeof one);
}

void TableReader::end()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    wake();
}

TableReader::Place TableReader::add(Taker taker)
{
    auto entry = std::make_shared<Entry>(std::move(taker));
    {
        const std::lock_guard lock(m_mutex);
        m_entries.push_back(entry);
    }
    wake();
    return entry;
}

void TableReader::remove(const Place& place)
{
    {
        const std::lock_guard lock(m_mutex);
        std::erase(m_entries, place);
    }
    wake();
}

void TableReader::start(const Place& place)
{
    {
        const std::lock_guard lock(m_mutex);
        place->started = place->fresh = true;
    }
    wake();
}

void TableReader::stop(const Place& place)
{
    {
        const std::lock_guard lock(m_mutex);
        place->started = false;
    }
    wake();
}

void TableReader::giveRoom(const Place& place, engine::Shard::Room room, std::size_t mostBytes)
{
    {
        const std::lock_guard lock(m_mutex);
        place->room = room;
        place->mostBytes = mostBytes;
    }
    wake();
}

void TableReader::done(const Place& place, const TablePosition& position)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!place->done || position.rewinds < place->done->rewinds)
            return; // of a database that is no longer this one
        place->done = position;
    }
    wake();
}

void TableReader::ask(std::function<void(changes::RowSource&)> work)
{
    {
        const std::lock_guard lock(m_mutex);
        m_work.push_back(std::move(work));
    }
    wake();
}

changes::RowSource& TableReader::source()
{
    if (!m_source)
        m_source = m_hands.source();
    return *m_source;
}

/// What is asked for is done; the entries as they are now.
TableReader::Entries TableReader::collect()
{
    std::uint64_t ignored = 0;
    [[maybe_unused]] const ssize_t drained = ::read(m_wake, &ignored, sizeof ignored);
    std::vector<std::function<void(changes::RowSource&)>> work;
    Entries all;
    {
        const std::lock_guard lock(m_mutex);
        work.swap(m_work);
        all = m_entries;
        for (const Place& entry : all) {
            entry->left = entry->room;
            entry->most = entry->mostBytes;
            entry->wants = entry->started && entry->room.records > 0;
            entry->full = entry->started && !entry->wants;
            if (std::exchange(entry->fresh, false))
                entry->looked = false;
        }
    }
    for (const auto& one : work)
        one(source());
    return all;
}

void TableReader::run()
{
    for (;;) {
        const Entries all = collect();
        {
            const std::lock_guard lock(m_mutex);
            if (m_ending)
                break;
        }
        Entries readers;
        bool waiting = false; // for the journal or the database
        for (const Place& entry : all) {
            if (open(*entry) && entry->wants)
                readers.push_back(entry);
            if (entry->opened || !entry->wants)
                continue;
            waiting = true;
            tellLooked(*entry,
                       std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));
        }
        forget(all);
        if (!readers.empty())
            look(all, readers);
        else
            rest(waiting ? Duration(300ms) : Duration(5s));
    }
    m_source.reset();
    m_ended = true;
}

/// Nobody has room.
void TableReader::rest(Duration most)
{
    pollfd ready{m_wake, POLLIN, 0};
    ::poll(&ready, 1, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(most).count()));
    if (m_source && Clock::now() - m_readAt > kLetGo)
        letGo();
}

/// The next look opens the database anew, where the cursor is.
void TableReader::letGo()
{
    m_source.reset();
    m_read = m_within = false;
    m_spent = {};
    m_last = 0;
    m_forgotten = 0;
}

} // namespace coldframe::session
