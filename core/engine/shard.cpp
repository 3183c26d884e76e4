#include "engine/shard.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace coldframe::engine {

namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(200); // an assumption
constexpr Duration kLongestPause = std::chrono::seconds(30); // likewise
/// Records that lanes may be ahead of the checkpoint at least: an assumption, too.
constexpr std::size_t kAhead = 10'000;

std::size_t laneCount(const ShardRules& rules)
{
    return static_cast<std::size_t>(std::max(rules.parallelizationFactor, 1));
}

std::size_t perBatch(const ShardRules& rules)
{
    return static_cast<std::size_t>(std::max(rules.batchSize, 1));
}

} // namespace

Shard::Shard(const ShardRules& rules, const ShardLimits& limits)
    : m_rules(rules), m_limits(limits), m_lanes(laneCount(rules))
{
    assert((rules.tumblingWindowS == 0 || m_lanes.size() == 1) && "a state has one heir");
}

void Shard::resume(const WindowMark& mark, bool early)
{
    assert(m_rules.tumblingWindowS > 0 && m_records.empty());
    m_window = mark;
    if (mark.open && early)
        m_lanes.front().pieces.emplace_back().early = true;
}

void Shard::add(TimePoint now, const Record& record)
{
    m_records.push_back({record.arrival, now, record.bytes, false});
    const Place place = end() - 1;
    ++m_unfinished;
    m_unfinishedBytes += record.bytes;
    if (record.done)
        return finish(place);
    Lane& lane = m_lanes[record.key % m_lanes.size()];
    lane.waiting.push_back(place);
}

void Shard::looked(TimePoint at, bool more)
{
    m_more = more;
    if (!more)
        m_lookedAt = std::max(m_lookedAt, at);
}

/// One batch of each lane, and one that gathers meanwhile. More while a lane has not a whole batch
/// waiting: what others are blocked by must not keep it idle.
Shard::Room Shard::room() const
{
    const std::size_t batches = m_lanes.size() + 1;
    const std::size_t most = batches * perBatch(m_rules);
    const std::size_t ahead = std::max(kAhead, most);
    const std::uint64_t bytes = batches * m_limits.maxBatchBytes;
    if (m_records.size() >= ahead || m_unfinishedBytes >= bytes)
        return {};
    std::size_t records = most - std::min(most, m_unfinished);
    if (m_lanes.size() > 1)
        for (const Lane& lane : m_lanes)
            records = std::max(records, perBatch(m_rules)
                                   - std::min(perBatch(m_rules), lane.waiting.size()));
    return {std::min(records, ahead - m_records.size()), records > 0 ? bytes - m_unfinishedBytes : 0};
}

/// Where nothing can be added there is nothing to wait for.
bool Shard::comesMore() const
{
    return m_more && room().records > 0;
}

TimePoint Shard::windowOf(Place place) const
{
    const Duration arrival = at(place).arrival.time_since_epoch();
    const TimePoint own(arrival - arrival % windowLength());
    return std::max(own, m_window.from);
}

/// How many of those that wait go together; `closed`: no other can join them.
std::size_t Shard::batchOf(const Lane& lane, bool& closed) const
{
    std::size_t count = 0;
    std::uint64_t bytes = 0;
    const bool windows = m_rules.tumblingWindowS > 0;
    const TimePoint window = windows ? windowOf(lane.waiting.front()) : TimePoint{};
    for (; count < lane.waiting.size() && count < perBatch(m_rules); ++count) {
        const Place place = lane.waiting[count];
        bytes += at(place).bytes;
        if (count > 0 && (bytes > m_limits.maxBatchBytes || (windows && windowOf(place) > window)))
            break;
    }
    closed = count < lane.waiting.size() || count == perBatch(m_rules)
        || bytes >= m_limits.maxBatchBytes || (windows && m_lookedAt >= window + windowLength());
    return count;
}

/// Nothing of the open window is left or will come.
bool Shard::endsWindow(const Lane& lane) const
{
    if (!m_window.open)
        return false;
    if (!lane.waiting.empty())
        return windowOf(lane.waiting.front()) > m_window.from;
    return m_lookedAt >= m_window.from + windowLength();
}

/// The lane's next batch, if it may go now.
void Shard::gather(Lane& lane, TimePoint now)
{
    if (endsWindow(lane)) {
        lane.pieces.emplace_back();
        return;
    }
    if (lane.waiting.empty())
        return;
    bool closed = false;
    const std::size_t count = batchOf(lane, closed);
    const Duration waited = now - at(lane.waiting.front()).added;
    if (!closed && (comesMore() || waited < std::chrono::seconds(m_rules.batchWindowS)))
        return;
    const auto until = lane.waiting.begin() + static_cast<std::ptrdiff_t>(count);
    lane.pieces.emplace_back().records.assign(lane.waiting.begin(), until);
    lane.waiting.erase(lane.waiting.begin(), until);
}

/// The records at the front of the next piece that are too old become one of their own.
void Shard::splitExpired(Lane& lane, TimePoint now) const
{
    Piece& piece = lane.pieces.back();
    if (m_rules.maximumRecordAgeS < 0 || piece.records.empty() || piece.giveUp)
        return;
    const auto young = std::ranges::find_if(piece.records, [&](Place place) {
        return now - at(place).arrival <= std::chrono::seconds(m_rules.maximumRecordAgeS);
    });
    if (young == piece.records.begin())
        return;
    Piece expired{.records = {piece.records.begin(), young},
                  .attempts = piece.attempts,
                  .refusals = 0,
                  .giveUp = Reason::RecordAgeExceeded,
                  .early = false};
    piece.records.erase(piece.records.begin(), young);
    if (piece.records.empty())
        lane.pieces.pop_back();
    lane.pieces.push_back(std::move(expired));
}

std::optional<Shard::Order> Shard::next(TimePoint now)
{
    for (std::size_t index = 0; index < m_lanes.size(); ++index) {
        Lane& lane = m_lanes[index];
        if (lane.away || now < lane.notBefore)
            continue;
        if (lane.pieces.empty())
            gather(lane, now);
        if (lane.pieces.empty())
            continue;
        splitExpired(lane, now);
        const Piece& piece = lane.pieces.back();
        lane.away = true;
        Order order{.lane = static_cast<std::uint32_t>(index),
                    .records = piece.records,
                    .attempts = piece.attempts,
                    .giveUp = piece.giveUp,
                    .window = std::nullopt};
        if (m_rules.tumblingWindowS > 0) {
            const TimePoint start
                = piece.records.empty() ? m_window.from : windowOf(piece.records.front());
            if (!piece.giveUp)
                m_window = {start, true};
            order.window = windowFrom(start);
            order.window->final = piece.records.empty();
            order.window->early = piece.early;
        }
        return order;
    }
    return std::nullopt;
}

void Shard::ended(TimePoint now, std::uint32_t lane, const Answer& answer)
{
    Lane& of = m_lanes[lane];
    of.away = false;
    Piece& piece = of.pieces.back();
    if (answer.end == End::Throttled)
        return pause(of, now, ++piece.refusals);
    piece.refusals = 0;
    const bool ends = piece.records.empty();
    if (answer.end != End::Succeeded) {
        failed(of, now, answer.end == End::SomeFailed ? answer.firstFailed : 0);
    } else {
        if (ends)
            m_window = {piece.early ? m_window.from : m_window.from + windowLength(), false};
        finish(piece.records, 0, piece.records.size());
        of.pieces.pop_back();
        of.notBefore = TimePoint::min();
    }
    if (answer.stateTooLarge && !ends && answer.end != End::Failed) {
        of.pieces.emplace_back().early = true;
        of.notBefore = TimePoint::min();
    }
}

/// Those before `firstFailed` are done.
void Shard::failed(Lane& lane, TimePoint now, std::size_t firstFailed)
{
    Piece& piece = lane.pieces.back();
    const std::size_t count = piece.records.size();
    if (firstFailed > 0) {
        assert(firstFailed < count);
        finish(piece.records, 0, firstFailed);
        piece.records.erase(piece.records.begin(),
                            piece.records.begin() + static_cast<std::ptrdiff_t>(firstFailed));
    }
    if (m_rules.bisectBatchOnFunctionError && count > 1) {
        piece.attempts = 0;
        if (firstFailed == 0) {
            const auto middle = piece.records.begin() + static_cast<std::ptrdiff_t>(count / 2);
            Piece first;
            first.records.assign(piece.records.begin(), middle);
            piece.records.erase(piece.records.begin(), middle);
            lane.pieces.push_back(std::move(first));
        }
        return pause(lane, now, 1);
    }
    ++piece.attempts;
    const int most = m_rules.maximumRetryAttempts;
    // The end of a window is tried until it succeeds: Lambda developer guide, "Implementing
    // stateful Kinesis Data Streams processing in Lambda", read 2026-11.
    if (count > 0 && most >= 0 && piece.attempts > static_cast<std::uint32_t>(most)) {
        piece.giveUp = Reason::RetryAttemptsExhausted;
        lane.notBefore = TimePoint::min();
        return;
    }
    pause(lane, now, piece.attempts);
}

void Shard::givenUp(std::uint32_t lane)
{
    Lane& of = m_lanes[lane];
    finish(of.pieces.back().records, 0, of.pieces.back().records.size());
    of.pieces.pop_back();
    of.away = false;
    of.notBefore = TimePoint::min();
}

void Shard::pause(Lane& lane, TimePoint now, std::uint32_t times) const
{
    const int doublings = static_cast<int>(std::min(times, 11U)) - 1;
    const Duration pause = std::min(kFirstPause * (1 << doublings), kLongestPause);
    const double scaled = static_cast<double>(pause.count()) / m_limits.timeScale;
    lane.notBefore = now + Duration(static_cast<std::int64_t>(scaled));
}

void Shard::finish(const std::vector<Place>& places, std::size_t from, std::size_t until)
{
    for (std::size_t i = from; i < until; ++i)
        finish(places[i]);
}

void Shard::finish(Place place)
{
    Known& known = m_records[place - m_begin];
    known.done = true;
    --m_unfinished;
    m_unfinishedBytes -= known.bytes;
    while (!m_records.empty() && m_records.front().done) {
        m_records.pop_front();
        ++m_begin;
    }
}

std::optional<TimePoint> Shard::nextTry(std::uint32_t lane) const
{
    return m_lanes[lane].away ? std::nullopt : std::optional(m_lanes[lane].notBefore);
}

std::optional<TimePoint> Shard::nextDeadline() const
{
    std::optional<TimePoint> first;
    const auto add = [&](TimePoint at) { first = first ? std::min(*first, at) : at; };
    for (const Lane& lane : m_lanes) {
        if (lane.away)
            continue;
        if (!lane.pieces.empty())
            add(lane.notBefore);
        else if (!lane.waiting.empty() && !comesMore())
            add(at(lane.waiting.front()).added + std::chrono::seconds(m_rules.batchWindowS));
        else if (lane.waiting.empty() && m_window.open)
            add(m_window.from + windowLength());
    }
    return first;
}

} // namespace coldframe::engine
