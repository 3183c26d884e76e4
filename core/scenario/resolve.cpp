#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenario/parts.h"

// From a scenario that has everything to the model that is simulated.
namespace coldframe::scenario {

namespace {

std::int64_t ns(double seconds)
{
    return static_cast<std::int64_t>(seconds * 1e9 + 0.5);
}

/// How much longer the CPU's part takes at this memory: one vCPU at most, as for one thread.
double stretch(std::uint32_t memoryMb, const engine::Platform& platform)
{
    return std::max(1.0, static_cast<double>(platform.mbPerVcpu) / memoryMb);
}

void applyPool(const PoolSpec& pool, engine::Platform& platform)
{
    if (pool.dispatch)
        platform.dispatch = *pool.dispatch;
    if (pool.keepAlive)
        platform.keepAlive = *pool.keepAlive;
    if (pool.whenFull == WhenFull::Reject)
        platform.saturation = {};
    else if (pool.whenFull == WhenFull::Queue)
        platform.saturation = {.policy = engine::Saturation::Policy::Queue,
                               .maxLength = pool.queueLength,
                               .deadline = Duration(ns(pool.queueDeadlineS.value_or(0)))};
}

/// What must be there at once has to fit below the cap.
void checkInstances(const sim::FunctionModel& function, const ScenarioFunction& spec,
                    const JsonText& text, std::vector<Error>& errors)
{
    const auto most = function.rules.maxInstances;
    const auto tooMany = [&](const char* key, std::uint32_t count) {
        if (most && count > *most)
            errors.push_back(errorAt(
                text, spec.pointer + '/' + key, true, Error::Code::Conflict,
                fmt::format("{} is {}, but there may be {} instances at most", key, count, *most),
                "lower it, or raise maxInstances"));
    };
    tooMany("provisionedConcurrency", function.rules.provisioned);
    tooMany("initialIdle", function.primed);
    if (spec.minInstances)
        tooMany("minInstances", function.rules.minInstances);
}

/// What goes with a timer that decides how many instances there are, and what goes without it only.
void checkTimer(const sim::Model& model, const sim::FunctionModel& function,
                const ScenarioFunction& spec, const JsonText& text, std::vector<Error>& errors)
{
    const auto conflict = [&](const std::string& key, std::string message, std::string hint) {
        errors.push_back(errorAt(text, spec.pointer + '/' + key, true, Error::Code::Conflict,
                                 std::move(message), std::move(hint)));
    };
    if (!model.platform.scaling.byTimer()) {
        if (function.rules.minInstances > 0 && spec.minInstances)
            conflict("minInstances", "an instance for each request knows no least number of them",
                     "use provisionedConcurrency, or \"scaling\" in the pool");
        return;
    }
    const engine::Saturation& queue = model.platform.saturation;
    if (function.clientRetry.tries > 1 && queue.policy == engine::Saturation::Policy::Queue
        && queue.maxLength == 0 && queue.deadline == Duration::zero())
        conflict("retry", "no call is refused: all wait in a queue that has no end",
                 "take \"retry\" away, or give the pool a queueLength or a queueDeadlineS");
    if (function.rules.provisioned > 0)
        conflict("provisionedConcurrency",
                 "where an autoscaler decides, no instances are provisioned beside it",
                 "use minInstances");
    if (function.coldStart && function.coldStart->mode == sim::ColdStart::Mode::Replaced)
        conflict("coldStart",
                 "an autoscaler starts instances before there is an event whose service the cold "
                 "start could replace",
                 "set its \"mode\" to \"add\", with the time that a start takes");
}

/// Reservations come out of the account's concurrency.
void checkAccount(const Scenario& scenario, const sim::Model& model, const JsonText& text,
                  std::vector<Error>& errors)
{
    std::uint64_t taken = 0;
    for (std::size_t i = 0; i < model.functions.size(); ++i) {
        const engine::FunctionRules& rules = model.functions[i].rules;
        taken += rules.reserved.value_or(rules.provisioned);
        if (taken <= model.platform.accountConcurrency)
            continue;
        errors.push_back(errorAt(
            text,
            scenario.functions[i].pointer
                + (rules.reserved ? "/reservedConcurrency" : "/provisionedConcurrency"),
            true, Error::Code::Conflict,
            fmt::format("the functions up to this one keep {} of the account's {} for themselves",
                        taken, model.platform.accountConcurrency),
            "lower it, or raise accountConcurrency"));
        return;
    }
}

} // namespace

tl::expected<sim::Model, std::vector<Error>>
resolve(const Scenario& scenario, const engine::Platform& platform, const JsonText& text)
{
    std::vector<Error> errors;
    sim::Model model;
    model.platform = platform;
    applyPool(scenario.pool, model.platform);
    if (auto error = detail::applyScaling(scenario.pool, model.platform, text))
        return tl::unexpected(std::vector{std::move(*error)});
    if (scenario.accountConcurrency)
        model.platform.accountConcurrency = *scenario.accountConcurrency;
    model.seed = scenario.seed;
    model.window
        = {.from = ns(scenario.warmUpS), .to = ns(scenario.durationS), .step = ns(scenario.stepS)};
    model.backends = scenario.backends;
    for (const QueueSpec& queue : scenario.queues)
        model.queues.push_back(queue.model);
    for (const StreamSpec& stream : scenario.streams)
        model.streams.push_back(stream.model);
    for (const ScenarioFunction& each : scenario.functions) {
        sim::FunctionModel function = each.model;
        for (const VisitSpec& visit : each.visits)
            function.visits.push_back(visit.visits);
        function.service = each.service.law;
        function.arrivals = each.arrivals.model;
        if (each.reads)
            function.reads = each.reads->reader;
        function.stream = each.stream;
        const std::uint32_t own = function.rules.memoryMb;
        const std::uint32_t measured = each.service.atMemoryMb.value_or(own);
        if (measured != own && !each.service.cpuShare)
            errors.push_back(errorAt(
                text, each.pointer + "/service", true, Error::Code::Missing,
                fmt::format("the service law holds at {} MB, but the function has {} MB, and how "
                            "much of its time is CPU time is not known",
                            measured, own),
                "add \"cpuShare\" (0: only waits, 1: only computes) to the law"));
        else if (measured != own)
            function.service.factor = 1 - *each.service.cpuShare
                + *each.service.cpuShare * stretch(own, platform) / stretch(measured, platform);
        if (function.reads && function.reads->perMessage)
            function.reads->perMessage->factor = function.service.factor;
        if (function.stream)
            if (auto& law = model.streams[*function.stream].perRecord)
                law->factor = function.service.factor;
        if (each.coldStart)
            function.coldStart = sim::ColdStart{
                .mode = each.coldStart->mode,
                .law = each.coldStart->law,
                .sandboxNs = each.coldStart->sandbox ? platform.sandbox.count() : 0};
        if (!function.rules.maxInstances)
            function.rules.maxInstances = scenario.pool.maxInstances || scenario.pool.anyInstances
                ? scenario.pool.maxInstances
                : platform.maxInstances;
        function.rules.minInstances = each.minInstances.value_or(
            scenario.pool.minInstances.value_or(platform.minInstances));
        function.rules.otherWork = function.delivery != engine::Delivery::Sync;
        function.rules.instanceConcurrency = each.instanceConcurrency.value_or(
            scenario.pool.instanceConcurrency.value_or(platform.instanceConcurrency));
        checkInstances(function, each, text, errors);
        checkTimer(model, function, each, text, errors);
        model.functions.push_back(std::move(function));
    }
    checkAccount(scenario, model, text, errors);
    if (!errors.empty())
        return tl::unexpected(std::move(errors));
    return model;
}

} // namespace coldframe::scenario
