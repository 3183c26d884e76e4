#include "scenario/scenario.h"

#include <algorithm>

#include <fmt/format.h>

#include "scenario/parts.h"

namespace coldframe::scenario {

namespace {

using detail::Source;
constexpr std::size_t kMostFunctions = 100'000;

void readRun(JsonReader& in, Scenario& scenario)
{
    in.require("format", "write \"format\": 1");
    const std::int64_t format = in.integer("format", {1, 1'000'000}, 1);
    if (format != 1)
        in.fail(Error::Code::OutOfRange, "format",
                fmt::format("format {} is not known; this version reads format 1", format),
                "use a newer version of Coldframe");
    (void)in.string("$schema", "-");
    scenario.name = in.string("name", "", {1, 128});
    scenario.platform = in.string("platform", scenario.platform, {1, 64});
    scenario.seed = static_cast<std::uint64_t>(in.integer("seed", {0, 9'007'199'254'740'991}, 1));
    scenario.replications = static_cast<std::uint32_t>(in.integer("replications", {1, 100'000}, 1));
    in.require("durationS", "say how long the simulated time lasts");
    scenario.durationS = in.number("durationS", {1e-3, kLongestS}, 3600);
    scenario.warmUpS = in.number("warmUpS", {0, kLongestS}, 0);
    if (scenario.warmUpS >= scenario.durationS)
        in.fail(Error::Code::Conflict, "warmUpS",
                fmt::format("warmUpS is {} s, but the simulated time ends after {} s",
                            scenario.warmUpS, scenario.durationS),
                "lower it, or raise durationS");
    scenario.stepS = in.number("stepS", {0, kLongestS}, 60);
    const double steps
        = scenario.stepS > 0 ? (scenario.durationS - scenario.warmUpS) / scenario.stepS : 0;
    if (steps > kMostSteps)
        in.fail(Error::Code::LimitReached, in.has("stepS") ? "stepS" : "durationS",
                fmt::format("steps of {} s make {:.0f} of them, more than {:.0f}", scenario.stepS,
                            steps, kMostSteps),
                "raise stepS, or set it to 0 for no figures over time");
    if (in.has("accountConcurrency"))
        scenario.accountConcurrency
            = static_cast<std::uint32_t>(in.integer("accountConcurrency", {1, 100'000'000}, 1000));
}

/// Callers who try again, where nobody is ever refused.
void checkRetries(const Scenario& scenario, const Source& source)
{
    const PoolSpec& pool = scenario.pool;
    if (pool.whenFull != WhenFull::Queue || pool.queueLength != 0 || pool.queueDeadlineS)
        return;
    for (const ScenarioFunction& function : scenario.functions)
        if (function.model.clientRetry.tries > 1)
            source.errors.push_back(
                errorAt(source.text, function.pointer + "/retry", true, Error::Code::Conflict,
                        "no call is refused: all wait in a queue that has no end",
                        "take \"retry\" away, or give the pool a queueLength or a queueDeadlineS"));
}

} // namespace

bool detail::isName(const std::string& name)
{
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '_';
    };
    const auto allowed = [&](char c) { return plain(c) || c == '.' || c == ':' || c == '-'; };
    return !name.empty() && name.size() <= 140 && plain(name.front())
        && std::ranges::all_of(name, allowed);
}

tl::expected<Scenario, std::vector<Error>> readScenario(const JsonText& text)
{
    Errors errors;
    const Source source{text, errors};
    JsonReader in(text, "a scenario", errors);
    Scenario scenario;
    readRun(in, scenario);
    if (auto pool = detail::objectAt(in, "pool", "the rules of the pool", source))
        scenario.pool = detail::readPool(*pool, source);
    scenario.backends = detail::readBackends(in, source);
    scenario.queues = detail::readQueues(in, source);
    scenario.streams = detail::readStreams(in, source);
    in.require("functions", "name at least one");
    for (const JsonMember& member : in.members("functions", "the functions")) {
        const std::string pointer = childPointer(in.pointer("functions"), member.key);
        if (!detail::isName(member.key) || member.key == "total") {
            errors.push_back(errorAt(
                text, pointer, true, Error::Code::Malformed, "this is no name for a function",
                "use letters, digits and _ . : - (not at the beginning), 140 at most; "
                "\"total\" is what all functions together are called"));
            continue;
        }
        JsonReader function(text, member.value, pointer, "a function", errors);
        if (function.valid())
            scenario.functions.push_back(detail::readFunction(function, member.key, source));
    }
    if (errors.empty() && scenario.functions.empty())
        in.fail(Error::Code::Missing, "functions", "there is no function to simulate",
                "name at least one");
    if (scenario.functions.size() > kMostFunctions)
        in.fail(Error::Code::LimitReached, "functions",
                fmt::format("there are {} functions, more than {}", scenario.functions.size(),
                            kMostFunctions));
    detail::findBackends(scenario, source);
    detail::findQueues(scenario, source);
    detail::findStreams(scenario, source);
    checkRetries(scenario, source);
    in.rejectOtherKeys();
    if (!errors.empty())
        return tl::unexpected(std::move(errors));
    return scenario;
}

} // namespace coldframe::scenario
