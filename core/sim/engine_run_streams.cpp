#include "sim/engine_run_state.h"

// Functions that streams feed: what arrives are records, and the batches that their shards make of
// them are synchronous calls, as in live runs.
namespace coldframe::sim {

void EngineRun::beginStreams()
{
    m_feeds.reserve(m_model.streams.size());
    for (const StreamModel& stream : m_model.streams) {
        const auto number = static_cast<std::uint32_t>(m_feeds.size());
        m_feeds.push_back(
            {.feed = StreamFeed(stream, m_seed, m_model.window, number, m_options.onShard),
             .askings = std::vector<Feed::Asking>(stream.shards)});
    }
}

void EngineRun::recordComes(FunctionId function)
{
    askForBatches(function, feedOf(function).feed.come(m_now), m_now);
}

/// At `at`, after all that arrives then and is known: asking again at the same instant is asking
/// later.
void EngineRun::askForBatches(FunctionId function, std::uint32_t shard, std::int64_t at)
{
    Feed::Asking& asking = feedOf(function).askings[shard];
    if (asking.at < at || (asking.at == at && at > m_now) || at > m_model.window.to)
        return;
    asking = {at, asking.serial + 1};
    push(at,
         {.what = Happening::What::Batches,
          .function = function,
          .index = shard,
          .serial = asking.serial});
}

void EngineRun::handOver(const Happening& next)
{
    Feed& of = feedOf(next.function);
    Feed::Asking& asking = of.askings[next.index];
    if (asking.serial != next.serial)
        return;
    asking.at = Backend::kNever;
    Source& source = m_sources[next.function];
    while (const auto batch = of.feed.next(m_now, next.index)) {
        const std::uint32_t slot
            = newCall(next.function, m_now, source.services.at(source.indices));
        m_calls[slot].shard = next.index;
        m_calls[slot].lane = batch->lane;
        m_calls[slot].ofMessages = batch->ofRecords;
        source.book.arrived(m_now);
        send(slot);
    }
    if (const auto at = of.feed.deadline(next.index))
        askForBatches(next.function, next.index, *at);
}

std::optional<std::size_t> EngineRun::failingRecord(const Call& call) const
{
    const std::uint32_t stream = *m_sources[call.function].function->stream;
    return m_feeds[stream].feed.firstFailing(call.shard, call.lane);
}

/// How a batch ended; nothing: it was refused. What follows comes after all that ends now.
void EngineRun::shardHears(const Call& call, std::optional<engine::Outcome> outcome)
{
    using End = engine::Shard::End;
    engine::Shard::Answer answer;
    if (!outcome) {
        answer.end = End::Throttled;
    } else if (*outcome != engine::Outcome::Succeeded) {
        answer.end = End::Failed;
    } else if (const auto failing = failingRecord(call)) { // the answer names it
        answer.end = End::SomeFailed;
        answer.firstFailed = *failing;
    }
    feedOf(call.function).feed.ended(m_now, call.shard, call.lane, answer);
    askForBatches(call.function, call.shard, m_now);
}

} // namespace coldframe::sim
