#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "session/table_entry.h"

// What a table's reader does with its source: where to read, who gets what, what may be forgotten.
namespace coldframe::session {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using changes::ChangeBatch;
using sources::RowChange;
using Kind = TableTrouble::Kind;

namespace {

constexpr std::size_t kMostChanges = 1'000; // changes; the transaction of the look stays short
constexpr auto kTolerated = 1s; // a lock or a restart of a server is not told before
constexpr auto kForgetEvery = 250ms; // each time locks an SQLite file for writing
constexpr auto kLook = 5s;
// How long one trigger waits for another within a transaction; less than a connection is kept.
constexpr auto kHoldLeast = 1s;
constexpr auto kHoldMost = 8s;

TimePoint wallNow()
{
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

} // namespace

/// What the last run kept, and whether it did under a former name of the table.
Result<std::pair<ShardMarks, bool>> TableReader::marksOf(const Entry& entry)
{
    Result<ShardMarks> marks = entry.taker.marks({});
    if (!marks)
        return tl::unexpected(marks.error());
    if (marks->position)
        return std::pair(std::move(*marks), false);
    const Result<std::vector<std::string>> names = source().formerNames();
    if (!names)
        return tl::unexpected(names.error());
    for (const std::string& name : *names) {
        Result<ShardMarks> former = entry.taker.marks(name);
        if (!former)
            return tl::unexpected(former.error());
        if (former->position)
            return std::pair(std::move(*former), true);
    }
    return std::pair(std::move(*marks), false);
}

/// Finds the entry's place. False when it cannot be found yet.
bool TableReader::open(Entry& entry)
{
    if (entry.opened || (entry.known && !entry.wants))
        return entry.opened;
    const auto found = marksOf(entry);
    if (!found)
        return failed(found.error()), false;
    const auto& [marks, former] = *found;
    const auto kept = marks.position ? parseTablePosition(*marks.position) : std::nullopt;
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
    entry.taker.opened(marks, textOf(entry.got), former || !marks.position);
    return true;
}

/// Within a transaction the position stands still: who misses a part of it gets it from its
/// beginning. So it is read on together, and one that has no room is waited for as long as reading
/// up to here again would take.
bool TableReader::holds(const Entries& all)
{
    const auto isAwaited = [](const Place& entry) { return entry->full && !entry->lagging; };
    if (!m_within || std::ranges::none_of(all, isAwaited)) {
        m_heldSince.reset();
        return false;
    }
    const auto now = Clock::now();
    const Duration held = now - m_heldSince.value_or(now);
    if (!m_heldSince)
        m_heldSince = now;
    const Duration most = std::clamp<Duration>(m_spent, kHoldLeast, kHoldMost);
    if (held < most) {
        rest(most - held);
        return true;
    }
    for (const Place& entry : all)
        entry->lagging = entry->lagging || entry->full;
    m_heldSince.reset();
    return false;
}

/// Sets the cursor and says who is read for. Of those, the hindmost says where.
TableReader::Entries TableReader::choosePlace(const Entries& all, Entries readers)
{
    // What others have missed of a transaction comes once it is over.
    const auto keepsUp = [](const Place& entry) { return !entry->lagging; };
    if (m_within && std::ranges::any_of(readers, keepsUp)) {
        std::erase_if(readers, std::not_fn(keepsUp));
        return readers;
    }
    std::optional<std::int64_t> from;
    for (const Place& entry : readers) {
        const std::int64_t place = entry->lagging ? entry->got.after : m_cursor;
        from = std::min(from.value_or(place), place);
    }
    if (*from == m_cursor && !m_within)
        return readers;
    for (const Place& entry : all)
        entry->lagging = true;
    m_cursor = *from;
    if (m_within)
        letGo();
    return readers;
}

/// What comes in parts must fit everybody, so that nobody misses any.
changes::ReadLimit TableReader::limitFor(const Entries& readers) const
{
    const auto bound = [this](std::size_t one, std::size_t other) {
        return m_inParts ? std::min(one, other) : std::max(one, other);
    };
    const engine::Shard::Room& first = readers.front()->left;
    changes::ReadLimit limit{.changes = first.records, .bytes = first.bytes};
    for (const Place& entry : readers) {
        limit.changes = bound(limit.changes, entry->left.records);
        limit.bytes = bound(limit.bytes, entry->left.bytes);
    }
    limit.changes = std::clamp<std::size_t>(limit.changes, 1, kMostChanges);
    limit.bytes = std::max<std::size_t>(limit.bytes, 1);
    return limit;
}

void TableReader::look(const Entries& all, const Entries& withRoom)
{
    if (holds(all))
        return;
    const Entries readers = choosePlace(all, withRoom);
    const changes::ReadLimit limit = limitFor(readers);
    Duration pause = kLook;
    for (const Place& entry : readers)
        if (entry->taker.atLeastEvery > Duration::zero())
            pause = std::min(pause, entry->taker.atLeastEvery);
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
    m_since = batch->since;
    for (const Place& entry : readers)
        handOut(*batch, *entry, lookedAt);
    for (const Place& entry : all)
        if (std::ranges::find(readers, entry) == readers.end() && !batch->changes.empty())
            entry->lagging = true;
    m_read = true;
    m_cursor = batch->position;
    if (!batch->changes.empty()) {
        m_last = batch->changes.back().sequence;
        m_inParts = batch->changes.back().part.has_value();
    } else if (batch->rewound) {
        m_last = 0;
    }
    m_within = m_last > m_cursor; // the end of a transaction may come without a change
    // Room that was used up is given again at once, which wakes us.
    if (batch->changes.empty() || !batch->more)
        source().wait(m_wake, m_forgetDue ? std::min<Duration>(pause, kForgetEvery) : pause);
    m_spent = m_within ? m_spent + (Clock::now() - m_readAt) : Duration::zero();
}

/// Once there is trouble, nothing is to be expected.
void TableReader::tellLooked(Entry& entry, TimePoint at) const
{
    if (m_trouble && !std::exchange(entry.looked, true))
        entry.taker.give({.records = {}, .lookedAt = at, .more = false, .after = {}}, m_since);
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
    const bool news
        = !reading.records.empty() || reading.after != entry.told || reading.more != entry.toldMore;
    if (!news && !due && !first)
        return;
    entry.looked = entry.looked || !reading.more;
    entry.told = reading.after;
    entry.toldMore = reading.more;
    entry.toldAt = Clock::now();
    {
        const std::lock_guard lock(m_mutex);
        entry.room = {};
    }
    entry.taker.give(std::move(reading), m_since);
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
    m_forgetDue = upTo && *upTo > m_forgotten;
    if (!m_forgetDue || !m_read || m_failing || now - m_forgotAt < kForgetEvery)
        return;
    m_forgotAt = now;
    if (m_hands.flushJournal() && source().forget(*upTo)) {
        m_forgotten = *upTo;
        m_forgetDue = false;
    }
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
    const bool another = error.code == Error::Code::Conflict; // reader's, whose name it says
    if (state && !state->reasons.empty() && !another)
        shown.message = fmt::format("{}", fmt::join(state->reasons, "; "));
    const bool renamed = state && state->kind == changes::CaptureState::Kind::Renamed;
    tell(TableTrouble{renamed     ? Kind::Renamed
                          : state ? Kind::Broken
                                  : Kind::Unreachable,
                      std::move(shown)});
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
    tell(TableTrouble{batch.state.kind == State::Outdated      ? Kind::Outdated
                          : batch.state.kind == State::Renamed ? Kind::Renamed
                                                               : Kind::Broken,
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
