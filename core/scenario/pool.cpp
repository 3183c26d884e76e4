#include <fmt/format.h>

#include "scenario/parts.h"

namespace coldframe::scenario::detail {

namespace {

constexpr std::size_t kMostCurvePoints = 10'000;

Duration ofSeconds(double seconds)
{
    return Duration(static_cast<std::int64_t>(seconds * 1e9 + 0.5));
}

/// [[seconds, share], …]: the share of instances that live so long without work.
std::vector<engine::KeepAlive::Point> readSurvival(JsonReader& in, const JsonValue& list)
{
    std::vector<engine::KeepAlive::Point> curve;
    const auto wrong = [&](std::string message) {
        in.fail(Error::Code::Malformed, "keepAliveS", std::move(message),
                "write it as [[300, 1], [600, 0.5], [1800, 0]]");
        return std::vector<engine::KeepAlive::Point>{{ofSeconds(600), 0}};
    };
    for (const JsonValue& pair : list.elements()) {
        const auto parts = pair.isArray() ? pair.elements() : std::vector<JsonValue>();
        const auto isNumber
            = [](const JsonValue& part) { return part.kind() == JsonValue::Kind::Number; };
        if (parts.size() != 2 || !isNumber(parts[0]) || !isNumber(parts[1]))
            return wrong(fmt::format("a point is a pair of numbers, got {}", pair.compact()));
        const double seconds = parts[0].number(), share = parts[1].number();
        if (!(seconds >= 0 && seconds <= kLongestS && share >= 0 && share <= 1))
            return wrong(fmt::format("a time lies between 0 s and {} s and a share between 0 and "
                                     "1, got {}",
                                     kLongestS, pair.compact()));
        const engine::KeepAlive::Point next{ofSeconds(seconds), share};
        if (!curve.empty() && (next.idle <= curve.back().idle || share > curve.back().alive))
            return wrong(fmt::format("times must rise and shares must not, but {} follows {}",
                                     pair.compact(), list.elements()[curve.size() - 1].compact()));
        curve.push_back(next);
    }
    if (curve.empty() || curve.size() > kMostCurvePoints || curve.back().alive != 0)
        return wrong(fmt::format("there must be 1 to {} points, and the last one must have share "
                                 "0: every idle instance ends some time",
                                 kMostCurvePoints));
    return curve;
}

/// A number of seconds, a curve, or a word.
std::optional<engine::KeepAlive> readKeepAlive(JsonReader& in)
{
    const auto found = in.value("keepAliveS");
    if (!found)
        return std::nullopt;
    if (found->isArray())
        return engine::KeepAlive{.survival = readSurvival(in, *found)};
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

PoolSpec readPool(JsonReader& in, const Source& source)
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
    pool.anyInstances = most && most->kind() == JsonValue::Kind::Null;
    if (in.has("minInstances"))
        pool.minInstances
            = static_cast<std::uint32_t>(in.integer("minInstances", {0, 1'000'000}, 0));
    if (auto inner = objectAt(in, "scaling", "the scaling of a pool", source))
        pool.scaling = readScaling(*inner);
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
