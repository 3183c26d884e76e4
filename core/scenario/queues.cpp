#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "model/suggestion.h"
#include "model/workspace_limits.h"
#include "scenario/parts.h"

// Queues, and functions that read them. Bounds are those of the workspace's queues; times may have
// fractions here.
namespace coldframe::scenario::detail {

namespace {

constexpr std::size_t kMostQueues = 1000;

Duration readTime(JsonReader& in, const char* key, IntegerRange range, Duration standard)
{
    const double seconds = in.number(
        key, {static_cast<double>(range.min), static_cast<double>(range.max)}, toSeconds(standard));
    return Duration(std::llround(seconds * 1e9));
}

QueueSpec readQueue(JsonReader& in, const std::string& name)
{
    QueueSpec spec;
    spec.pointer = in.pointer();
    spec.model.name = name;
    engine::QueueRules& rules = spec.model.rules;
    rules.fifo = in.boolean("fifo", false);
    if (in.has("groups"))
        spec.model.groups = static_cast<std::uint32_t>(in.integer("groups", {1, 1'000'000}, 1));
    if (in.has("groups") && !rules.fifo)
        in.fail(Error::Code::Conflict, "groups", "only a FIFO queue keeps the order of groups",
                "add \"fifo\": true, or take \"groups\" away");
    rules.visibility = readTime(in, "visibilityTimeoutS", kVisibilityTimeoutS, rules.visibility);
    rules.delay = readTime(in, "delayS", kDelayS, rules.delay);
    rules.retention = readTime(in, "retentionS", kRetentionS, rules.retention);
    spec.deadLetters = in.string("deadLetters", "", {1, 140});
    if (in.has("maxReceives")) {
        in.require("deadLetters", "name the queue that messages are moved to");
        rules.maxReceives = static_cast<std::uint32_t>(in.integer("maxReceives", kMaxReceives, 1));
    } else if (!spec.deadLetters.empty()) {
        in.require("maxReceives", "after how many receives a message is moved, such as 3");
    }
    in.rejectOtherKeys();
    return spec;
}

/// Rules that join queues with one another and with the functions that read them.
class QueueFinder {
public:
    QueueFinder(Scenario& scenario, const Source& source) : m_scenario(scenario), m_source(source)
    {
        for (const QueueSpec& queue : scenario.queues)
            m_names.push_back(queue.model.name);
    }
    void find()
    {
        for (QueueSpec& queue : m_scenario.queues)
            findDeadLetters(queue);
        for (ScenarioFunction& function : m_scenario.functions)
            if (function.reads)
                findRead(function, *function.reads);
        for (const ScenarioFunction& function : m_scenario.functions)
            if (function.reads)
                checkFed(function, *function.reads);
    }

private:
    std::optional<std::uint32_t> place(const std::string& name, const std::string& pointer)
    {
        const auto found = std::ranges::find(m_names, name);
        if (found != m_names.end())
            return static_cast<std::uint32_t>(found - m_names.begin());
        if (name.empty())
            return std::nullopt; // missing or no text: that is recorded
        const auto meant = suggestFor(name, m_names);
        add(pointer, Error::Code::Missing, fmt::format("the scenario has no queue \"{}\"", name),
            meant                 ? fmt::format("did you mean \"{}\"?", *meant)
                : m_names.empty() ? "describe it in \"queues\""
                                  : "there are " + listOfNames(m_names));
        return std::nullopt;
    }
    void findDeadLetters(QueueSpec& queue)
    {
        const std::string at = queue.pointer + "/deadLetters";
        const auto target = place(queue.deadLetters, at);
        if (!target)
            return;
        queue.model.rules.deadLetters = *target;
        const engine::QueueRules& dead = m_scenario.queues[*target].model.rules;
        if (m_names[*target] == queue.model.name)
            add(at, Error::Code::Conflict, "a queue cannot be its own dead-letter queue",
                "name another queue");
        else if (dead.fifo != queue.model.rules.fifo)
            add(at, Error::Code::Conflict,
                "the dead-letter queue of a FIFO queue is a FIFO queue, and of a standard queue a "
                "standard one",
                fmt::format("set \"fifo\" of \"{}\" likewise", queue.deadLetters));
        else
            m_fed.insert(*target);
    }
    void findRead(const ScenarioFunction& function, ReadSpec& spec)
    {
        const auto at = place(spec.queue, spec.pointer + "/name");
        if (!at)
            return;
        spec.reader.queue = *at;
        if (function.hasArrivals)
            m_fed.insert(*at);
        const engine::QueueRules& queue = m_scenario.queues[*at].model.rules;
        const engine::MappingRules& rules = spec.reader.rules;
        const auto conflict = [&](const char* key, std::string message, std::string hint) {
            add(spec.pointer + key, Error::Code::Conflict, std::move(message), std::move(hint));
        };
        if (queue.fifo && rules.batchSize > 10)
            conflict("/batchSize", "batches of a FIFO queue have 10 messages at most",
                     "lower it to 10");
        if (queue.fifo && rules.window > Duration::zero())
            conflict("/batchWindowS", "batches of a FIFO queue do not wait to be filled",
                     "remove it");
        if (!queue.fifo && rules.batchSize > 10 && rules.window < std::chrono::seconds(1))
            conflict("/batchSize", "more than 10 messages need a batchWindowS of at least 1",
                     "add \"batchWindowS\": 1, or lower batchSize");
        const Duration timeout = function.model.rules.timeout;
        if (queue.visibility < std::chrono::seconds(1)) // without room: without end
            conflict("/name",
                     fmt::format("messages of \"{}\" are hidden for {} s: no batch of them could "
                                 "wait for room",
                                 spec.queue, toSeconds(queue.visibility)),
                     "raise visibilityTimeoutS of the queue to 1 or more");
        else if (timeout > queue.visibility)
            conflict("/name",
                     fmt::format("messages of \"{}\" are hidden for {} s, and the function may "
                                 "take {} s",
                                 spec.queue, toSeconds(queue.visibility), toSeconds(timeout)),
                     "raise visibilityTimeoutS of the queue; six times the timeout is advised");
    }
    void checkFed(const ScenarioFunction& function, const ReadSpec& spec)
    {
        const auto at = std::ranges::find(m_names, spec.queue);
        if (at == m_names.end() || m_fed.contains(static_cast<std::uint32_t>(at - m_names.begin())))
            return;
        m_source.errors.push_back(
            errorAt(m_source.text, function.pointer, true, Error::Code::Missing,
                    fmt::format("no message comes into the queue \"{}\"", spec.queue),
                    "add \"arrivals\", or make it the dead-letter queue of another one"));
    }
    void add(const std::string& pointer, Error::Code code, std::string message, std::string hint)
    {
        m_source.errors.push_back(
            errorAt(m_source.text, pointer, false, code, std::move(message), std::move(hint)));
    }

    Scenario& m_scenario;
    const Source& m_source;
    std::vector<std::string> m_names;
    std::set<std::uint32_t> m_fed; ///< queues into which messages come
};

} // namespace

std::vector<QueueSpec> readQueues(JsonReader& in, const Source& source)
{
    std::vector<QueueSpec> all;
    for (const JsonMember& member : in.members("queues", "the queues")) {
        const std::string pointer = childPointer(in.pointer("queues"), member.key);
        if (!isName(member.key)) {
            source.errors.push_back(errorAt(
                source.text, pointer, true, Error::Code::Malformed, "this is no name for a queue",
                "use letters, digits and _ . : - (not at the beginning), 140 at most"));
            continue;
        }
        JsonReader queue(source.text, member.value, pointer, "a queue", source.errors);
        if (queue.valid())
            all.push_back(readQueue(queue, member.key));
    }
    if (all.size() > kMostQueues)
        in.fail(Error::Code::LimitReached, "queues",
                fmt::format("there are {} queues, more than {}", all.size(), kMostQueues));
    return all;
}

ReadSpec readReader(JsonReader& in, const Source& source)
{
    ReadSpec spec;
    spec.pointer = in.pointer();
    in.require("name", "name one of the scenario's \"queues\"");
    spec.queue = in.string("name", "", {1, 140});
    engine::MappingRules& rules = spec.reader.rules;
    rules.batchSize
        = static_cast<std::uint32_t>(in.integer("batchSize", kQueueBatchSize, rules.batchSize));
    rules.window = readTime(in, "batchWindowS", kBatchWindowS, rules.window);
    if (in.has("maximumConcurrency"))
        rules.maxConcurrency
            = static_cast<std::uint32_t>(in.integer("maximumConcurrency", kMaximumConcurrency, 2));
    rules.reportItemFailures = in.boolean("reportBatchItemFailures", false);
    if (in.has("perMessage"))
        spec.reader.perMessage = readPlainLaw(in, "perMessage", "the law of one message", source);
    spec.reader.messageFailureShare = in.number("messageFailureShare", {0, 1}, 0);
    in.rejectOtherKeys();
    return spec;
}

void findQueues(Scenario& scenario, const Source& source)
{
    QueueFinder(scenario, source).find();
}

} // namespace coldframe::scenario::detail
