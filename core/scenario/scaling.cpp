#include <fmt/format.h>

#include "scenario/parts.h"

// What a scenario says about the timer that decides how many instances there are.
namespace coldframe::scenario::detail {

namespace {

using engine::Scaling;
using Decider = Scaling::Decider;

Duration timerNs(double seconds)
{
    return Duration(static_cast<std::int64_t>(seconds * 1e9 + 0.5));
}

engine::Millionths millionths(double share)
{
    return static_cast<engine::Millionths>(share * 1e6 + 0.5);
}

/// A key of the timer: its bounds, whose it is, and what it sets.
struct TimerKey {
    const char* name;
    NumberRange range;
    bool kpa, target; ///< goes by it
    void (*set)(Scaling&, double);
};

constexpr NumberRange kTimerS{0, kLongestS}, kSomeTimerS{1e-3, kLongestS};
constexpr NumberRange kTimerRate{1.000001, 1e6};

const TimerKey kTimerKeys[] = {
    {"tickS", kSomeTimerS, true, true, [](Scaling& s, double v) { s.tick = timerNs(v); }},
    {"windowS", kTimerS, true, true, [](Scaling& s, double v) { s.window = timerNs(v); }},
    {"targetUse", {1e-6, 1}, true, true, [](Scaling& s, double v) { s.targetUse = millionths(v); }},
    {"downDelayS", kTimerS, true, true, [](Scaling& s, double v) { s.downDelay = timerNs(v); }},
    {"panicWindowS", kSomeTimerS, true, false,
     [](Scaling& s, double v) { s.panicWindow = timerNs(v); }},
    {"panicThreshold",
     {1, 1e6},
     true,
     false,
     [](Scaling& s, double v) { s.panicThreshold = millionths(v); }},
    {"maxUpRate", kTimerRate, true, false,
     [](Scaling& s, double v) { s.maxUpRate = millionths(v); }},
    {"maxDownRate", kTimerRate, true, false,
     [](Scaling& s, double v) { s.maxDownRate = millionths(v); }},
    {"toZeroGraceS", kTimerS, true, false,
     [](Scaling& s, double v) { s.toZeroGrace = timerNs(v); }},
};

} // namespace

ScalingSpec readScaling(JsonReader& in)
{
    ScalingSpec spec;
    spec.pointer = in.pointer();
    if (in.has("decider"))
        spec.decider = in.choice<Decider>("decider",
                                          {{"per-request", Decider::PerRequest},
                                           {"knative-kpa", Decider::Kpa},
                                           {"target", Decider::Target}},
                                          Decider::PerRequest);
    for (const TimerKey& key : kTimerKeys)
        if (in.has(key.name)) {
            const double value = in.number(key.name, key.range, key.range.min);
            spec.settings.push_back({key.name, key.kpa, key.target,
                                     [set = key.set, value](Scaling& s) { set(s, value); }});
        }
    const auto whole = [&](const char* name, bool kpa, bool target, IntegerRange range,
                           std::uint32_t Scaling::*field) {
        if (!in.has(name))
            return;
        const auto value = static_cast<std::uint32_t>(in.integer(name, range, range.min));
        spec.settings.push_back(
            {name, kpa, target, [field, value](Scaling& s) { s.*field = value; }});
    };
    whole("targetConcurrency", true, true, {1, 1'000'000}, &Scaling::target);
    whole("addAtMost", false, true, {1, 1'000'000}, &Scaling::addAtMost);
    if (in.has("burstCapacity")) {
        const auto value
            = static_cast<std::uint32_t>(in.integer("burstCapacity", {0, 1'000'000'000}, 0));
        spec.settings.push_back(
            {"burstCapacity", true, false, [value](Scaling& s) { s.burstCapacity = value; }});
    }
    if (in.has("onDemand")) {
        const bool value = in.boolean("onDemand", false);
        spec.settings.push_back(
            {"onDemand", false, true, [value](Scaling& s) { s.onDemand = value; }});
    }
    in.rejectOtherKeys();
    return spec;
}

std::optional<Error> applyScaling(const PoolSpec& pool, engine::Platform& platform,
                                  const JsonText& text)
{
    const ScalingSpec& spec = pool.scaling;
    const auto conflict = [&](const std::string& pointer, std::string message, std::string hint) {
        return errorAt(text, pointer, true, Error::Code::Conflict, std::move(message),
                       std::move(hint));
    };
    Scaling& scaling = platform.scaling;
    if (spec.decider && *spec.decider != scaling.decider) {
        const bool endedByIt = scaling.byTimer() && scaling.retires;
        if (!scaling.byTimer() && !pool.whenFull) // what a pool at zero gets would be refused
            platform.saturation.policy = engine::Saturation::Policy::Queue;
        scaling = {}; // Knative's figures, whoever's platform it is
        scaling.decider = *spec.decider;
        scaling.retires = scaling.decider == Decider::Kpa;
        if (scaling.retires)
            platform.keepAlive = {}; // without end: it decides
        else if (endedByIt && !pool.keepAlive)
            return conflict(spec.pointer + "/decider",
                            "without Knative's decider nothing says how long idle instances live",
                            "add \"keepAliveS\" to the pool");
    }
    const bool kpa = scaling.decider == Decider::Kpa, target = scaling.decider == Decider::Target;
    for (const ScalingSpec::Setting& setting : spec.settings) {
        if ((kpa && setting.kpa) || (target && setting.target)) {
            setting.apply(scaling);
            continue;
        }
        const char* wanted = setting.kpa && setting.target ? "\"knative-kpa\" or \"target\""
            : setting.kpa                                  ? "\"knative-kpa\""
                                                           : "\"target\"";
        return conflict(spec.pointer + '/' + setting.key,
                        fmt::format("the decider of this pool does not go by {}", setting.key),
                        fmt::format("take it away, or set \"decider\" to {}", wanted));
    }
    if (!scaling.byTimer() && pool.minInstances.value_or(0) > 0)
        return conflict("/pool/minInstances",
                        "an instance for each request knows no least number of them",
                        "use provisionedConcurrency of the functions, or \"scaling\"");
    if (!scaling.byTimer())
        return std::nullopt;
    if (pool.minInstances && pool.maxInstances && *pool.minInstances > *pool.maxInstances)
        return conflict("/pool/minInstances",
                        fmt::format("minInstances is {}, but there may be {} instances at most",
                                    *pool.minInstances, *pool.maxInstances),
                        "lower it, or raise maxInstances");
    if (pool.keepAlive && scaling.retires)
        return conflict("/pool/keepAliveS", "the autoscaler ends the instances of this pool itself",
                        "take keepAliveS away; \"scaling\" has downDelayS and toZeroGraceS");
    if (platform.keepAlive.kind == engine::KeepAlive::Kind::None)
        return conflict("/pool/keepAliveS", "what an autoscaler starts ahead must live until used",
                        "give a time, or set the decider to \"per-request\"");
    if (kpa && (scaling.window <= Duration::zero() || scaling.panicWindow > scaling.window))
        return conflict(spec.pointer,
                        fmt::format("the panic window of {} s is longer than the window of {} s",
                                    toSeconds(scaling.panicWindow), toSeconds(scaling.window)),
                        "lower panicWindowS, or raise windowS");
    if (const auto problem = scaling.tooFine())
        return errorAt(text, spec.pointer, true, Error::Code::LimitReached, *problem,
                       "choose rounder times");
    return std::nullopt;
}

} // namespace coldframe::scenario::detail
