#include <fmt/format.h>

#include "scenario/parts.h"

namespace coldframe::scenario::detail {

namespace {

using engine::Delivery;

ServiceSpec readService(JsonReader& in, const Source& source)
{
    ServiceSpec spec;
    spec.law = readLaw(in, source, {&spec.fitted, &spec.traced});
    if (in.has("cpuShare"))
        spec.cpuShare = in.number("cpuShare", {0, 1}, 1);
    if (in.has("atMemoryMb"))
        spec.atMemoryMb = static_cast<std::uint32_t>(in.integer("atMemoryMb", {1, 1'000'000}, 128));
    in.rejectOtherKeys();
    return spec;
}

ColdStartSpec readColdStart(JsonReader& in, const Source& source)
{
    ColdStartSpec spec;
    spec.mode = in.choice<sim::ColdStart::Mode>(
        "mode", {{"add", sim::ColdStart::Mode::Added}, {"replace", sim::ColdStart::Mode::Replaced}},
        sim::ColdStart::Mode::Added);
    if (in.has("runtime")) {
        spec.runtime = in.string("runtime");
        spec.package
            = in.choice<std::string>("package", {{"zip", "zip"}, {"image", "image"}}, "zip");
        if (spec.mode == sim::ColdStart::Mode::Replaced)
            in.fail(Error::Code::Conflict, "mode",
                    "the published cold starts come before the service, they do not replace it",
                    "take \"mode\" away");
    } else {
        spec.law = readLaw(in, source, {.recording = &spec.fitted});
    }
    spec.sandbox = in.boolean("sandbox", !spec.runtime.empty());
    in.rejectOtherKeys();
    return spec;
}

void readRetry(JsonReader& in, sim::ClientRetry& retry)
{
    in.require("tries");
    retry.tries = static_cast<std::uint32_t>(in.integer("tries", {1, 1000}, 1));
    retry.firstPauseS = in.number("firstPauseS", {0, 86'400}, retry.firstPauseS);
    retry.longestPauseS = in.number("longestPauseS", {0, 86'400}, retry.longestPauseS);
    if (retry.firstPauseS > retry.longestPauseS)
        in.fail(Error::Code::Conflict, in.has("firstPauseS") ? "firstPauseS" : "longestPauseS",
                fmt::format("the first pause is {} s, but none is longer than longestPauseS, {} s",
                            retry.firstPauseS, retry.longestPauseS),
                "lower firstPauseS, or raise longestPauseS");
    retry.jitter = in.boolean("jitter", true);
    in.rejectOtherKeys();
}

void readAsync(JsonReader& in, engine::FunctionRules& rules)
{
    rules.retries = static_cast<std::uint32_t>(in.integer("retries", {0, 1000}, rules.retries));
    rules.maxEventAge = std::chrono::seconds(in.integer("maxEventAgeS", {60, 31'536'000}, 21'600));
    in.rejectOtherKeys();
}

void readLimits(JsonReader& in, engine::FunctionRules& rules)
{
    constexpr IntegerRange kMemory{1, 1'000'000}, kCount{0, 1'000'000};
    rules.memoryMb = static_cast<std::uint32_t>(in.integer("memoryMb", kMemory, 128));
    rules.timeout = std::chrono::milliseconds(in.integer("timeoutMs", {0, 31'536'000'000}, 0));
    if (in.has("reservedConcurrency"))
        rules.reserved = static_cast<std::uint32_t>(in.integer("reservedConcurrency", kCount, 1));
    rules.provisioned = static_cast<std::uint32_t>(in.integer("provisionedConcurrency", kCount, 0));
    if (rules.reserved && rules.provisioned > *rules.reserved)
        in.fail(Error::Code::Conflict, "provisionedConcurrency",
                fmt::format("provisionedConcurrency is {}, but only {} are reserved",
                            rules.provisioned, *rules.reserved),
                "lower it, or reserve more");
}

/// Its events are batches of messages, and none of them is a call.
void readAsBatches(JsonReader& in, ScenarioFunction& function)
{
    function.model.delivery = Delivery::Batch;
    if (std::holds_alternative<sim::ClosedLoop>(function.arrivals.model))
        in.fail(Error::Code::Conflict, "arrivals",
                "clients of a closed loop wait for an answer, which messages do not have",
                "choose another law of arrivals");
    for (const char* key : {"delivery", "retry", "async"})
        if (in.has(key))
            in.fail(
                Error::Code::Conflict, key,
                fmt::format("messages of a queue come in batches: {} says nothing of them", key),
                "take it away; the queue has visibilityTimeoutS and maxReceives");
}

} // namespace

ScenarioFunction readFunction(JsonReader& in, const std::string& name, const Source& source)
{
    ScenarioFunction function;
    function.pointer = in.pointer();
    sim::FunctionModel& model = function.model;
    model.name = name;
    readLimits(in, model.rules);
    model.rules.maxEventAge = std::chrono::hours(6);
    if (in.has("architecture"))
        function.architecture = in.choice<cost::Architecture>(
            "architecture",
            {{"x86_64", cost::Architecture::X86_64}, {"arm64", cost::Architecture::Arm64}},
            cost::Architecture::X86_64);
    if (in.has("maxInstances"))
        model.rules.maxInstances
            = static_cast<std::uint32_t>(in.integer("maxInstances", {1, 10'000'000}, 1));
    if (in.has("minInstances"))
        function.minInstances
            = static_cast<std::uint32_t>(in.integer("minInstances", {0, 1'000'000}, 0));
    if (in.has("instanceConcurrency"))
        function.instanceConcurrency
            = static_cast<std::uint32_t>(in.integer("instanceConcurrency", {0, 1000}, 1));
    model.primed = static_cast<std::uint32_t>(in.integer("initialIdle", {0, 1'000'000}, 0));
    model.delivery = in.choice<Delivery>(
        "delivery", {{"sync", Delivery::Sync}, {"async", Delivery::Async}}, Delivery::Sync);
    model.failureShare = in.number("failureShare", {0, 1}, 0);
    in.require("service", "say how long the function runs");
    if (auto inner = objectAt(in, "service", "a service law", source))
        function.service = readService(*inner, source);
    function.visits = readVisits(in, source);
    if (auto inner = objectAt(in, "coldStart", "a cold start", source))
        function.coldStart = readColdStart(*inner, source);
    if (auto inner = objectAt(in, "queue", "the reading of a queue", source))
        function.reads = readReader(*inner, source);
    function.hasArrivals = in.has("arrivals");
    if (!in.has("queue"))
        in.require("arrivals", "say how its events arrive");
    else if (!function.hasArrivals)
        function.arrivals.model
            = sim::GivenArrivals{std::make_shared<const std::vector<std::int64_t>>()};
    if (auto inner = objectAt(in, "arrivals", "a law of arrivals", source)) {
        function.arrivals = readArrivals(*inner, source);
        inner->rejectOtherKeys();
    }
    if (function.reads)
        readAsBatches(in, function);
    if (auto inner = objectAt(in, "retry", "the caller's retries", source)) {
        readRetry(*inner, model.clientRetry);
        if (model.delivery == Delivery::Async)
            in.fail(Error::Code::Conflict, "retry",
                    "asynchronous events are not refused: their sender has nothing to retry",
                    "take \"retry\" away, or make the delivery \"sync\"");
    }
    if (auto inner = objectAt(in, "async", "asynchronous delivery", source)) {
        readAsync(*inner, model.rules);
        if (model.delivery == Delivery::Sync)
            in.fail(Error::Code::Conflict, "async", "the function is called synchronously",
                    "add \"delivery\": \"async\", or take \"async\" away");
    }
    if (model.delivery == Delivery::Async
        && std::holds_alternative<sim::ClosedLoop>(function.arrivals.model))
        in.fail(
            Error::Code::Conflict, "arrivals",
            "clients of a closed loop wait for an answer, which asynchronous events do not have",
            "make the delivery \"sync\", or choose another law of arrivals");
    in.rejectOtherKeys();
    return function;
}

} // namespace coldframe::scenario::detail
