#include "session/table_reader.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>

namespace coldframe::session {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using changes::ChangeBatch;
using sources::RowChange;
using Kind = TableTrouble::Kind;

namespace {

constexpr std::size_t kMostAtOnce = 1'000; // changes; the transaction of the look stays short
constexpr auto kTolerated = 1s; // a lock or a restart of a server is not told before
constexpr auto kForgetEvery = 250ms; // each time locks an SQLite file for writing
constexpr auto kLook = 5s;
constexpr auto kLetGo = 10s; // without anybody who reads: connections are closed

TimePoint wallNow()
{
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

} // namespace

/// One trigger's place.
class TableReader::Entry {
public:
    explicit Entry(Taker given) : taker(std::move(given)) { }

    const Taker taker;

    // Of the reader's mutex
    bool started = false, removed = false;
    engine::Shard::Room room{};
    std::size_t mostBytes = 0;
    std::optional<TablePosition> done; ///< nothing: it holds nothing back

    // Of the reader's thread
    bool known = false; ///< its marks were read
    bool opened = false; ///< it has a place
    bool lagging = true; ///< the cursor may be past its place
    bool looked = false; ///< it has been told of a look since it was started
    TablePosition got{}; ///< handed out
    std::string told; ///< the position it was told last
    Clock::time_point toldAt{};
    engine::Shard::Room left{}; ///< of what it has room for, as the thread saw it last
    std::size_t most = 0;
    bool wants = false; ///< started, opened, with room
};

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
        place->removed = true;
        std::erase(m_entries, place);
    }
    wake();
}

void TableReader::start(const Place& place)
{
    {
        const std::lock_guard lock(m_mutex);
        place->started = true;
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
            if (!entry->started)
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
            tellLooked(*entry, wallNow());
        }
        forget(all);
        if (!readers.empty())
            look(all, readers);
        else
            rest(waiting ? Duration(300ms) : Duration(kLook));
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
    m_forgotten = 0;
}

/// Finds the entry's place. False when it cannot be found yet.
bool TableReader::open(Entry& entry)
{
    if (entry.opened || (entry.known && !entry.wants))
        return entry.opened;
    const Result<ShardMarks> marks = entry.taker.marks();
    if (!marks)
        return failed(marks.error()), false;
    const auto kept = marks->position ? parseTablePosition(*marks->position) : std::nullopt;
    entry.known = true;
    if (kept) {
        entry.got = *kept;
    } else if (!entry.wants) {
        return false; // it has never run, and does not now
    } else if (entry.taker.fromLatest) {
        const auto latest = source().latest();
        // Where nothing is captured yet, all that will be is still to come.
        if (!latest && latest.error().code != Error::Code::Missing)
            return failed(latest.error()), false;
        if (latest)
            entry.got = {*latest, *latest, INT32_MAX};
    }
    {
        const std::lock_guard lock(m_mutex);
        entry.done = entry.got;
    }
    entry.opened = true;
    entry.taker.opened(*marks, textOf(entry.got));
    return true;
}

/// Of those that are read for, the hindmost says where.
void TableReader::choosePlace(const Entries& all, const Entries& readers)
{
    std::optional<std::int64_t> from;
    bool missed = false;
    for (const Place& entry : readers) {
        const std::int64_t place = entry->lagging ? entry->got.after : m_cursor;
        from = std::min(from.value_or(place), place);
        missed = missed || entry->lagging;
    }
    // Within a transaction the position stands still: what was missed of it comes with a new start.
    const bool anew = missed && m_within;
    if (*from == m_cursor && !anew)
        return;
    for (const Place& entry : all)
        entry->lagging = true;
    m_cursor = *from;
    if (anew)
        letGo();
}

void TableReader::look(const Entries& all, const Entries& readers)
{
    choosePlace(all, readers);
    changes::ReadLimit limit{.changes = 1, .bytes = 1};
    Duration pause = kLook;
    for (const Place& entry : readers) {
        limit.changes = std::max(limit.changes, std::min(entry->left.records, kMostAtOnce));
        limit.bytes = std::max(limit.bytes, entry->left.bytes);
        if (entry->taker.atLeastEvery > Duration::zero())
            pause = std::min(pause, entry->taker.atLeastEvery);
    }
    const TimePoint lookedAt = wallNow();
    m_readAt = Clock::now();
    const Result<ChangeBatch> batch = source().read(m_cursor, limit);
    if (!batch) {
        failed(batch.error());
        for (const Place& entry : readers)
            tellLooked(*entry, lookedAt);
        source().wait(m_wake, m_trouble ? Duration(kLook) : Duration(100ms));
        return;
    }
    judged(*batch);
    if (batch->rewound) {
        m_forgotten = m_cursor = 0;
        const std::lock_guard lock(m_mutex);
        for (const Place& entry : all) {
            entry->got = {.rewinds = entry->got.rewinds + 1};
            if (entry->done)
                entry->done = entry->got;
        }
    }
    for (const Place& entry : readers)
        handOut(*batch, *entry, lookedAt);
    for (const Place& entry : all)
        if (!entry->wants && !batch->changes.empty())
            entry->lagging = true;
    m_read = true;
    m_cursor = batch->position;
    if (!batch->changes.empty())
        m_within = batch->changes.back().sequence > m_cursor;
    // Room that was used up is given again at once, which wakes us.
    if (batch->changes.empty() || !batch->more)
        source().wait(m_wake, pause);
}

/// Once there is trouble, nothing is to be expected.
void TableReader::tellLooked(Entry& entry, TimePoint at) const
{
    if (m_trouble && !std::exchange(entry.looked, true))
        entry.taker.give({.records = {}, .lookedAt = at, .more = false, .after = {}});
}

void TableReader::handOut(const ChangeBatch& batch, Entry& entry, TimePoint lookedAt)
{
    ShardReading reading{.records = {}, .lookedAt = lookedAt, .more = batch.more, .after = {}};
    bool all = true;
    for (std::size_t i = 0; i < batch.changes.size() && all; ++i) {
        const RowChange& change = batch.changes[i];
        const bool last = i + 1 == batch.changes.size();
        if (!entry.got.covers(change)) {
            // One more than there is room for: a change of a key is told as two.
            if (reading.records.size() > entry.left.records) {
                all = false;
                break;
            }
            entry.got.after = std::max(entry.got.after, m_cursor);
            entry.got.sequence = change.sequence;
            entry.got.part = change.part.value_or(0);
            auto record = entry.taker.make(change, entry.most);
            if (record) {
                if (last)
                    entry.got.after = std::max(entry.got.after, batch.position);
                record->after = textOf(entry.got);
                reading.records.push_back(std::move(*record));
            }
        }
    }
    entry.lagging = !all;
    reading.more = reading.more || !all;
    if (all)
        entry.got.after = std::max(entry.got.after, batch.position);
    reading.after = textOf(entry.got);
    const bool due = entry.taker.atLeastEvery > Duration::zero()
        && Clock::now() - entry.toldAt >= entry.taker.atLeastEvery;
    const bool first = !reading.more && !entry.looked;
    if (reading.records.empty() && reading.after == entry.told && !due && !first)
        return;
    entry.looked = entry.looked || !reading.more;
    entry.told = reading.after;
    entry.toldAt = Clock::now();
    {
        const std::lock_guard lock(m_mutex);
        entry.room = {};
    }
    entry.taker.give(std::move(reading));
}

/// The database keeps a change until all triggers that read it, or ever have, are past it.
void TableReader::forget(const Entries& all)
{
    std::optional<std::int64_t> upTo;
    {
        const std::lock_guard lock(m_mutex);
        for (const Place& entry : all) {
            if (!entry->known)
                return; // it may hold something
            if (entry->done)
                upTo = std::min(upTo.value_or(entry->done->after), entry->done->after);
        }
    }
    const auto now = Clock::now();
    if (!m_read || !upTo || *upTo <= m_forgotten || now - m_forgotAt < kForgetEvery || m_failing)
        return;
    m_forgotAt = now;
    if (m_hands.flushJournal() && source().forget(*upTo))
        m_forgotten = *upTo;
}

void TableReader::failed(const Error& error)
{
    const auto now = Clock::now();
    if (!std::exchange(m_failing, true))
        m_failingSince = now;
    if (error.code == Error::Code::Unavailable) {
        if (now - m_failingSince >= kTolerated)
            tell(TableTrouble{Kind::Unreachable, error});
        return;
    }
    const auto state = source().inspect();
    if (state && state->kind == changes::CaptureState::Kind::Absent)
        return tell(TableTrouble{Kind::NotCaptured, error});
    Error shown = error;
    if (state && !state->reasons.empty())
        shown.message = fmt::format("{}", fmt::join(state->reasons, "; "));
    tell(TableTrouble{state ? Kind::Broken : Kind::Unreachable, std::move(shown)});
}

void TableReader::judged(const ChangeBatch& batch)
{
    using State = changes::CaptureState::Kind;
    m_failing = false;
    for (const std::string& notice : batch.notices)
        m_hands.notice(notice);
    if (batch.rewound)
        m_hands.notice("the database was put back from a copy: what its log holds is read again");
    if (batch.state.kind == State::Ready || batch.state.kind == State::Absent)
        return tell(std::nullopt);
    tell(TableTrouble{batch.state.kind == State::Outdated ? Kind::Outdated : Kind::Broken,
                      {.code = Error::Code::Conflict,
                       .message = fmt::format("{}", fmt::join(batch.state.reasons, "; "))}});
}

void TableReader::tell(std::optional<TableTrouble> trouble)
{
    if (trouble == m_trouble)
        return;
    m_trouble = trouble;
    m_hands.trouble(std::move(trouble));
}

} // namespace coldframe::session
