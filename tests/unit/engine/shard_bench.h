#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/shard.h"

namespace coldframe::engine::test {

inline TimePoint ms(std::int64_t n)
{
    return TimePoint(std::chrono::milliseconds(n));
}

/// A shard with a clock, whose orders are texts that say all: "0: 1 2 3" is records 1 to 3 in
/// lane 0.
struct ShardBench {
    explicit ShardBench(ShardRules with, ShardLimits bounds = {}) : rules(with), shard(with, bounds)
    { }

    /// Adds so many records that arrive now, of one key or of keys in turn, and says that is all.
    void add(std::size_t count, std::uint64_t key = 0)
    {
        for (std::size_t i = 0; i < count; ++i)
            shard.add(now, {.bytes = 10, .arrival = now, .key = key});
        looked();
    }
    void looked(bool more = false) { shard.looked(now, more); }
    /// The next order; "" when there is none.
    std::string next()
    {
        last = shard.next(now);
        if (!last)
            return {};
        std::string text = fmt::format("{}:", last->lane);
        for (const Shard::Place place : last->records)
            text += fmt::format(" {}", place);
        if (last->giveUp)
            text += *last->giveUp == Shard::Reason::RecordAgeExceeded ? " too old" : " exhausted";
        if (last->window)
            text += fmt::format(" [{} {}]{}{}", toSeconds(last->window->start.time_since_epoch()),
                                toSeconds(last->window->end.time_since_epoch()),
                                last->window->final ? " final" : "",
                                last->window->early ? " early" : "");
        return text;
    }
    void end(Shard::End how, std::size_t firstFailed = 0, std::uint32_t lane = 0)
    {
        shard.ended(now, lane, {.end = how, .firstFailed = firstFailed});
    }
    void succeed(std::uint32_t lane = 0) { end(Shard::End::Succeeded, 0, lane); }
    void fail(std::uint32_t lane = 0) { end(Shard::End::Failed, 0, lane); }
    /// To the moment at which it wants to be asked.
    std::int64_t wait()
    {
        const TimePoint before = now;
        now = shard.nextDeadline().value_or(now);
        return std::chrono::duration_cast<std::chrono::milliseconds>(now - before).count();
    }

    ShardRules rules;
    Shard shard;
    TimePoint now = ms(1'000'000);
    std::optional<Shard::Order> last;
};

} // namespace coldframe::engine::test
