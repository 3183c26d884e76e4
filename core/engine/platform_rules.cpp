#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/platform_keys.h"

// Rules that hold between the figures of a platform file.
namespace coldframe::engine::detail {
namespace {

using Broken = std::optional<Error>;

Error broken(Error::Code code, std::string pointer, std::string message, std::string hint = {})
{
    return {code, std::move(message), std::move(hint), {}, std::move(pointer), 0, 0};
}

Broken checkTogether(const Draft& draft)
{
    constexpr std::pair<std::string_view, std::string_view> kTogether[]
        = {{"/scaling/scaleUp/capacity", "/scaling/scaleUp/refill"},
           {"/meter/asyncFirstRequest", "/meter/asyncExtraRequest"}};
    for (const auto& [one, other] : kTogether) {
        if (draft.has(one) != draft.has(other))
            return broken(Error::Code::Missing, std::string(draft.has(one) ? other : one),
                          fmt::format("needed because {} is given", draft.has(one) ? one : other));
    }
    const Platform& platform = draft.platform;
    if (platform.unreservedMinimum > platform.accountConcurrency)
        return broken(Error::Code::Conflict, "/scaling/unreservedMinimum/value",
                      fmt::format("{} is above the account's concurrency of {}",
                                  platform.unreservedMinimum, platform.accountConcurrency));
    if (platform.billingStep <= Duration::zero())
        return broken(Error::Code::OutOfRange, "/meter/step/value", "must be above 0");
    if (platform.scaleUp.capacity > 0 && platform.scaleUp.refill <= Duration::zero())
        return broken(Error::Code::OutOfRange, "/scaling/scaleUp/refill/value", "must be above 0");
    return std::nullopt;
}

Broken checkKeepAlive(Draft& draft)
{
    const std::vector<KeepAlive::Point>& curve = draft.survival;
    for (std::size_t i = 0; i < curve.size(); ++i) {
        const std::string at = fmt::format("/keepAlive/survival/value/{}", i);
        if (!(curve[i].alive >= 0 && curve[i].alive <= 1))
            return broken(Error::Code::OutOfRange, at, "the share alive must be between 0 and 1");
        if (i > 0 && (curve[i].idle <= curve[i - 1].idle || curve[i].alive > curve[i - 1].alive))
            return broken(Error::Code::Malformed, at, "times must rise and shares must not");
    }
    if (draft.has("/keepAlive/survival") && (curve.empty() || curve.back().alive != 0))
        return broken(Error::Code::Malformed, "/keepAlive/survival/value",
                      "the last point must have share 0", "every idle instance ends some time");
    if (draft.policy == "survival" || draft.policy == "fixed") {
        if (!draft.has("/keepAlive/" + draft.policy))
            return broken(Error::Code::Missing, "/keepAlive/" + draft.policy,
                          "needed by this policy");
        draft.platform.keepAlive.survival = curve;
        if (draft.policy == "fixed")
            draft.platform.keepAlive.survival = {{*draft.fixed, 0}};
    }
    return std::nullopt;
}

/// A figure that only some deciders go by, or that one cannot do without.
struct DeciderFigure {
    std::string_view pointer;
    bool kpa, target; ///< goes by it
    bool kpaNeeds = false, targetNeeds = false;
};
constexpr DeciderFigure kDeciderFigures[] = {
    {"/scaling/tick", true, true, true, true},
    {"/scaling/window", true, true, true},
    {"/scaling/targetConcurrency", true, true, true},
    {"/scaling/targetUse", true, true},
    {"/scaling/downDelay", true, true},
    {"/scaling/panicWindow", true, false, true},
    {"/scaling/panicThreshold", true, false, true},
    {"/scaling/maxUpRate", true, false, true},
    {"/scaling/maxDownRate", true, false, true},
    {"/scaling/burstCapacity", true, false},
    {"/scaling/toZeroGrace", true, false},
    {"/scaling/onDemand", false, true},
    {"/scaling/scaleUp/addAtMost", false, true},
    {"/saturation/queueStartups", true, true},
    {"/instances/minimum", true, true},
};

Broken checkDecider(const Draft& draft)
{
    const Scaling::Decider decider = draft.platform.scaling.decider;
    const bool kpa = decider == Scaling::Decider::Kpa, target = decider == Scaling::Decider::Target;
    for (const DeciderFigure& each : kDeciderFigures) {
        const std::string pointer(each.pointer);
        const bool used = (kpa && each.kpa) || (target && each.target);
        const bool needed = (kpa && each.kpaNeeds) || (target && each.targetNeeds);
        if (needed && !draft.has(pointer))
            return broken(Error::Code::Missing, pointer, "needed by this decider",
                          "docs/PLATFORMS.md says what it means");
        const bool says = draft.has(pointer)
            && (pointer != "/instances/minimum" || draft.platform.minInstances > 0);
        if (says && !used)
            return broken(Error::Code::Conflict, pointer,
                          "the decider of this platform does not go by it",
                          each.kpa && each.target
                              ? "remove it, or set scaling.decider to knative-kpa or target"
                              : fmt::format("remove it, or set scaling.decider to {}",
                                            each.kpa ? "knative-kpa" : "target"));
    }
    if (draft.policy == "decider" && !kpa && !target)
        return broken(Error::Code::Conflict, "/keepAlive/policy/value",
                      "an instance for each request is no decider that ends instances",
                      "choose another policy, or set scaling.decider to knative-kpa or target");
    if (draft.policy != "decider" && kpa)
        return broken(Error::Code::Conflict, "/keepAlive/policy/value",
                      "the decider knative-kpa ends instances itself",
                      "set the policy to \"decider\"");
    return std::nullopt;
}

Broken checkWindows(const Scaling& scaling)
{
    const auto above = [](const char* pointer, std::string_view bound) {
        return broken(Error::Code::OutOfRange, std::string(pointer) + "/value",
                      fmt::format("must be {}", bound));
    };
    const bool kpa = scaling.decider == Scaling::Decider::Kpa;
    if (scaling.tick <= Duration::zero())
        return above("/scaling/tick", "above 0");
    if (kpa && scaling.window <= Duration::zero())
        return above("/scaling/window", "above 0");
    if (scaling.target == 0)
        return above("/scaling/targetConcurrency", "above 0");
    if (scaling.targetUse == 0 || scaling.targetUse > kWhole)
        return above("/scaling/targetUse", "above 0 and at most 1");
    if (kpa && (scaling.panicWindow <= Duration::zero() || scaling.panicWindow > scaling.window))
        return above("/scaling/panicWindow", "above 0 and at most 1");
    if (kpa && scaling.panicThreshold < kWhole)
        return above("/scaling/panicThreshold", "1 or more");
    if (kpa && scaling.maxUpRate <= kWhole)
        return above("/scaling/maxUpRate", "above 1");
    if (kpa && scaling.maxDownRate <= kWhole)
        return above("/scaling/maxDownRate", "above 1");
    if (const auto problem = scaling.tooFine())
        return broken(Error::Code::LimitReached, "/scaling/window/value", *problem,
                      "choose rounder times");
    return std::nullopt;
}

Broken checkScaling(Draft& draft)
{
    Scaling& scaling = draft.platform.scaling;
    if (auto problem = checkDecider(draft))
        return problem;
    scaling.retires = draft.policy == "decider";
    if (!scaling.byTimer())
        return std::nullopt;
    scaling.panicWindow = Duration(static_cast<Duration::rep>(
        static_cast<double>(scaling.window.count()) * static_cast<double>(draft.panicWindow) / 1e6
        + 0.5));
    if (auto problem = checkWindows(scaling))
        return problem;
    const Platform& platform = draft.platform;
    if (!draft.has("/scaling/targetConcurrency") && platform.instanceConcurrency == 0)
        return broken(Error::Code::Missing, "/scaling/targetConcurrency",
                      "needed because an instance serves any number of requests at once");
    if (platform.maxInstances && platform.minInstances > *platform.maxInstances)
        return broken(Error::Code::Conflict, "/instances/minimum/value",
                      fmt::format("{} is above the maximum of {}", platform.minInstances,
                                  *platform.maxInstances));
    return std::nullopt;
}

Broken checkQueue(const Draft& draft)
{
    for (const char* pointer :
         {"/saturation/queueLength", "/saturation/queueTimeout", "/saturation/queueStartups"})
        if (draft.has(pointer) && draft.platform.saturation.policy == Saturation::Policy::Reject)
            return broken(Error::Code::Conflict, pointer, "calls do not wait on this platform",
                          "remove it, or set saturation.sync to \"queue\"");
    if (draft.has("/saturation/queueStartups") && !draft.has("/saturation/queueTimeout"))
        return broken(Error::Code::Missing, "/saturation/queueTimeout",
                      "needed because /saturation/queueStartups is given",
                      "it is the least that the longest wait comes to");
    return std::nullopt;
}

} // namespace

bool Draft::has(std::string_view pointer) const
{
    return std::ranges::any_of(details.figures,
                               [&](const Figure& f) { return f.pointer == pointer; });
}

std::optional<Error> brokenRule(Draft& draft, bool runs)
{
    if (auto problem = checkTogether(draft))
        return problem;
    if (auto problem = checkKeepAlive(draft))
        return problem;
    if (!runs)
        return std::nullopt;
    if (auto problem = checkScaling(draft))
        return problem;
    return checkQueue(draft);
}

} // namespace coldframe::engine::detail
