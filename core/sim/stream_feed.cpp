#include "sim/stream_feed.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/batch.h"

namespace coldframe::sim {

namespace {

constexpr auto kLongestAdded = static_cast<std::int64_t>(kLongestNs);

TimePoint momentOf(std::int64_t ns)
{
    return TimePoint(Duration(ns));
}

/// Of the end of a window, one that there is not.
engine::Shard::Place lastOf(const engine::Shard::Order& order)
{
    return order.records.empty() ? ~engine::Shard::Place{0} : order.records.back();
}

} // namespace

StreamFeed::Shard::Shard(const StreamModel& model)
    : rules(model.rules, {}), lanes(static_cast<std::size_t>(model.rules.parallelizationFactor))
{ }

StreamFeed::StreamFeed(const StreamModel& model, std::uint64_t seed, const Window& window,
                       std::uint32_t number, const ShardWatch& watch)
    : m_model(&model), m_watch(&watch), m_number(number), m_keys(model, seed),
      m_failures(seed, Draw::RecordFailure, model.entity()),
      m_poison(seed, Draw::Poison, model.entity()), m_book(window)
{
    if (model.perRecord)
        m_costs = Draws(*model.perRecord, Stream(seed, Draw::Record, model.entity()));
    m_shards.reserve(model.shards);
    for (std::uint32_t i = 0; i < model.shards; ++i)
        m_shards.emplace_back(model);
}

void StreamFeed::tell(std::int64_t at, ShardStep step, const Shard& shard) const
{
    if (!*m_watch)
        return;
    step.stream = m_number;
    step.shard = static_cast<std::uint32_t>(&shard - m_shards.data());
    (*m_watch)(momentOf(at), step);
}

std::uint32_t StreamFeed::come(std::int64_t at)
{
    const std::uint64_t index = m_came++;
    const std::uint64_t key = m_keys.hashOf(index);
    const std::uint32_t place = m_keys.shardOf(key);
    Shard& shard = m_shards[place];
    m_book.came(at);
    tell(at, {.what = ShardStep::What::Came, .key = key, .answer = {}}, shard);
    shard.records.push_back({.index = index, .key = key, .cameAt = at});
    if (shard.records.size() == 1) {
        m_oldest.push({at, place});
        noteOldest(at);
    }
    return place;
}

/// As much as there is room for: what the live source of a shard does, too.
void StreamFeed::read(std::int64_t at, Shard& shard)
{
    std::size_t next = shard.rules.end() - shard.first;
    const std::size_t all = shard.records.size();
    // There may be room again at once: records that came are of lanes that need none.
    for (std::size_t room = 0; next < all && (room = shard.rules.room().records) > 0;)
        for (; room > 0 && next < all; ++next, --room)
            shard.rules.add(
                momentOf(at),
                {.arrival = momentOf(shard.records[next].cameAt), .key = shard.records[next].key});
    shard.rules.looked(momentOf(at), next < all);
}

std::optional<StreamFeed::Batch> StreamFeed::next(std::int64_t at, std::uint32_t place)
{
    Shard& shard = m_shards[place];
    for (;;) {
        read(at, shard);
        auto order = shard.rules.next(momentOf(at));
        if (!order)
            return std::nullopt;
        if (order->giveUp) {
            giveUp(at, shard, *order);
            continue;
        }
        Lane& lane = shard.lanes[order->lane];
        lane.order = std::move(*order);
        const auto& records = lane.order.records;
        m_book.handedOver(at, records.size(),
                          !records.empty() && recordAt(shard, records.front()).tries > 0);
        tell(at, {.what = ShardStep::What::HandedOver, .order = &lane.order, .answer = {}}, shard);
        return Batch{lane.order.lane, costOf(shard, lane.order)};
    }
}

std::optional<std::int64_t> StreamFeed::deadline(std::uint32_t shard) const
{
    const auto at = m_shards[shard].rules.nextDeadline();
    return at ? std::optional(at->time_since_epoch().count()) : std::nullopt;
}

std::int64_t StreamFeed::costOf(Shard& shard, const Order& order)
{
    std::int64_t sum = 0;
    if (m_model->perRecord)
        for (const Place place : order.records) {
            const Record& record = recordAt(shard, place);
            sum = std::min(sum + m_costs.at(drawOf(record.index, record.tries)), kLongestAdded);
        }
    return sum;
}

bool StreamFeed::fails(const Record& record) const
{
    return unitOf(m_poison.bits(record.index)) < m_model->poisonShare
        || unitOf(m_failures.bits(drawOf(record.index, record.tries)))
        < m_model->recordFailureShare;
}

std::optional<std::size_t> StreamFeed::firstFailing(std::uint32_t place, std::uint32_t lane) const
{
    if (m_model->poisonShare <= 0 && m_model->recordFailureShare <= 0)
        return std::nullopt;
    const Shard& shard = m_shards[place];
    const auto& records = shard.lanes[lane].order.records;
    const auto found = std::ranges::find_if(
        records, [&](Place each) { return fails(shard.records[each - shard.first]); });
    if (found == records.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - records.begin());
}

void StreamFeed::ended(std::int64_t at, std::uint32_t place, std::uint32_t number,
                       const engine::Shard::Answer& answer)
{
    using End = engine::Shard::End;
    Shard& shard = m_shards[place];
    Lane& lane = shard.lanes[number];
    const Order order = std::exchange(lane.order, {});
    tell(at, {.what = ShardStep::What::Ended, .order = &order, .answer = answer}, shard);
    if (answer.end == End::Throttled)
        m_book.throttled(at);
    else if (answer.end != End::Succeeded)
        m_book.failed(at);
    else if (order.records.empty())
        m_book.windowEnded(at);
    const std::size_t done = answer.end == End::Succeeded ? order.records.size()
        : answer.end == End::SomeFailed                   ? answer.firstFailed
                                                          : 0;
    for (std::size_t i = 0; i < order.records.size(); ++i) {
        Record& record = recordAt(shard, order.records[i]);
        record.tries += answer.end != End::Throttled;
        if (i < done)
            m_book.gone(at, record.cameAt, StreamBook::Gone::Done);
    }
    shard.rules.ended(momentOf(at), number, answer);
    if (answer.end == End::Succeeded)
        unblock(at, shard, lane, order);
    else
        block(at, shard, lane, order);
    letGo(at, shard);
}

void StreamFeed::giveUp(std::int64_t at, Shard& shard, const Order& order)
{
    tell(at, {.what = ShardStep::What::GivenUp, .order = &order, .answer = {}}, shard);
    const bool old = order.giveUp == engine::Shard::Reason::RecordAgeExceeded;
    for (const Place place : order.records)
        m_book.gone(at, recordAt(shard, place).cameAt,
                    old ? StreamBook::Gone::TooOld : StreamBook::Gone::Exhausted);
    shard.rules.givenUp(order.lane);
    unblock(at, shard, shard.lanes[order.lane], order);
    letGo(at, shard);
}

/// The first time it is the whole batch: what is left of it always ends with the same record.
void StreamFeed::block(std::int64_t at, Shard& shard, Lane& lane, const Order& order)
{
    if (std::exchange(lane.blocked, true))
        return;
    lane.until = lastOf(order);
    if (shard.blocked++ == 0)
        m_book.blocked(at, 1);
}

void StreamFeed::unblock(std::int64_t at, Shard& shard, Lane& lane, const Order& order)
{
    if (!lane.blocked || lane.until != lastOf(order))
        return;
    lane.blocked = false;
    if (--shard.blocked == 0)
        m_book.blocked(at, -1);
}

/// Of what is done, up to the first record that is not.
void StreamFeed::letGo(std::int64_t at, Shard& shard)
{
    const Place begin = shard.rules.begin();
    if (begin == shard.first)
        return;
    const auto gone = static_cast<std::ptrdiff_t>(begin - shard.first);
    shard.records.erase(shard.records.begin(), shard.records.begin() + gone);
    shard.first = begin;
    if (!shard.records.empty())
        m_oldest.push(
            {shard.records.front().cameAt, static_cast<std::uint32_t>(&shard - m_shards.data())});
    noteOldest(at);
}

void StreamFeed::noteOldest(std::int64_t at)
{
    const auto stale = [&](const Oldest& oldest) {
        const auto& records = m_shards[oldest.shard].records;
        return records.empty() || records.front().cameAt != oldest.cameAt;
    };
    while (!m_oldest.empty() && stale(m_oldest.top()))
        m_oldest.pop();
    m_book.oldest(at, m_oldest.empty() ? std::nullopt : std::optional(m_oldest.top().cameAt));
}

StreamFigures StreamFeed::close()
{
    for (const Shard& shard : m_shards)
        for (std::size_t i = 0; i < shard.records.size(); ++i)
            if (const Place place = shard.first + i;
                place >= shard.rules.end() || !shard.rules.isDone(place))
                m_book.left(shard.records[i].cameAt);
    return m_book.close();
}

} // namespace coldframe::sim
