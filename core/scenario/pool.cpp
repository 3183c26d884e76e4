#include <fmt/format.h>

#include "scenario/parts.h"

namespace coldframe::scenario::detail {

namespace {

Duration ofSeconds(double seconds)
{
    return Duration(static_cast<std::int64_t>(seconds * 1e9 + 0.5));
}

/// A number of seconds, or a word.
std::optional<engine::KeepAlive> readKeepAlive(JsonReader& in)
{
    const auto found = in.value("keepAliveS");
    if (!found)
        return std::nullopt;
    if (!found->isString()) {
        const double seconds = in.number("keepAliveS", {0, kLongestS}, 600);
        return engine::KeepAlive{.survival = {{ofSeconds(seconds), 0}}};
    }
    enum class Word { Platform, Endless, None, Histogram };
    const Word word = in.choice<Word>("keepAliveS",
                                      {{"platform", Word::Platform},
                                       {"infinite", Word::Endless},
                                       {"none", Word::None},
                                       {"histogram", Word::Histogram}},
                                      Word::Platform);
    if (word == Word::Platform)
        return std::nullopt;
    engine::KeepAlive keepAlive;
    if (word == Word::None)
        keepAlive.kind = engine::KeepAlive::Kind::None;
    else if (word == Word::Histogram)
        keepAlive.kind = engine::KeepAlive::Kind::Histogram;
    return keepAlive;
}

} // namespace

PoolSpec readPool(JsonReader& in, const Source&)
{
    using engine::DispatchOrder;
    PoolSpec pool;
    if (in.has("dispatch"))
        pool.dispatch
            = in.choice<DispatchOrder>("dispatch",
                                       {{"most-recently-used", DispatchOrder::MostRecentlyUsed},
                                        {"least-recently-used", DispatchOrder::LeastRecentlyUsed},
                                        {"newest-created", DispatchOrder::Newest},
                                        {"oldest-created", DispatchOrder::Oldest},
                                        {"random", DispatchOrder::Random}},
                                       DispatchOrder::MostRecentlyUsed);
    pool.keepAlive = readKeepAlive(in);
    if (in.has("instanceConcurrency"))
        pool.instanceConcurrency
            = static_cast<std::uint32_t>(in.integer("instanceConcurrency", {0, 1000}, 1));
    const auto most = in.value("maxInstances");
    if (most && most->kind() != JsonValue::Kind::Null)
        pool.maxInstances
            = static_cast<std::uint32_t>(in.integer("maxInstances", {1, 10'000'000}, 1));
    if (in.has("whenFull"))
        pool.whenFull = in.choice<WhenFull>(
            "whenFull", {{"reject", WhenFull::Reject}, {"queue", WhenFull::Queue}},
            WhenFull::Reject);
    const bool queues = pool.whenFull == WhenFull::Queue;
    if (in.has("queueLength"))
        pool.queueLength
            = static_cast<std::uint32_t>(in.integer("queueLength", {1, 100'000'000}, 1));
    if (in.has("queueDeadlineS"))
        pool.queueDeadlineS = in.number("queueDeadlineS", {1e-9, kLongestS}, 1);
    for (const char* key : {"queueLength", "queueDeadlineS"})
        if (in.has(key) && !queues)
            in.fail(Error::Code::Conflict, key, fmt::format("{} needs a queue", key),
                    "add \"whenFull\": \"queue\"");
    in.rejectOtherKeys();
    return pool;
}

} // namespace coldframe::scenario::detail
