#include <algorithm>

#include <fmt/format.h>

#include "model/shard_reading.h"
#include "model/suggestion.h"
#include "scenario/parts.h"

// Streams, whose batches go to functions. How a shard hands them over is read as in the workspace.
namespace coldframe::scenario::detail {

namespace {

constexpr std::size_t kMostStreams = 1000;
constexpr IntegerRange kShards{1, 10'000}, kKeys{1, 1'000'000};

StreamSpec readStream(JsonReader& in, const std::string& name, const Source& source)
{
    StreamSpec spec;
    spec.pointer = in.pointer();
    in.require("function", "name the function that its records go to");
    spec.function = in.string("function", "", {1, 140});
    sim::StreamModel& model = spec.model;
    model.name = name;
    model.rules = readShardRules(in);
    model.shards = static_cast<std::uint32_t>(in.integer("shards", kShards, 1));
    if (in.has("keys"))
        model.keys = static_cast<std::uint32_t>(in.integer("keys", kKeys, 1));
    model.zipfExponent = in.number("zipfExponent", {0, 10}, 0);
    if (in.has("zipfExponent") && !in.has("keys"))
        in.fail(Error::Code::Conflict, "zipfExponent",
                "each record has a partition key of its own, and none is more frequent than others",
                "add \"keys\": how many there are, such as 1000");
    if (in.has("perRecord"))
        model.perRecord = readPlainLaw(in, "perRecord", "the law of one record", source);
    model.recordFailureShare = in.number("recordFailureShare", {0, 1}, 0);
    model.poisonShare = in.number("poisonShare", {0, 1}, 0);
    in.rejectOtherKeys();
    return spec;
}

/// What a stream and the function it names have to do with one another.
class FedFunction {
public:
    FedFunction(const StreamSpec& stream, const Source& source) : m_stream(stream), m_source(source)
    { }

    void check(const ScenarioFunction& function)
    {
        if (function.reads)
            add(m_stream.pointer + "/function", false,
                fmt::format("\"{}\" reads the queue \"{}\", and what arrives for it are messages",
                            m_stream.function, function.reads->queue),
                "name another function");
        if (std::holds_alternative<sim::ClosedLoop>(function.arrivals.model))
            add(function.pointer + "/arrivals", true,
                "clients of a closed loop wait for an answer, which records do not have",
                "choose another law of arrivals");
        if (function.model.delivery == engine::Delivery::Async)
            add(function.pointer + "/delivery", true,
                fmt::format("batches of the stream \"{}\" are synchronous calls",
                            m_stream.model.name),
                "take it away; the stream has maximumRetryAttempts and maximumRecordAgeS");
        if (function.model.clientRetry.tries > 1)
            add(function.pointer + "/retry", true,
                fmt::format("batches of the stream \"{}\" are handed over again until they are "
                            "done: retry says nothing of them",
                            m_stream.model.name),
                "take it away; the stream has maximumRetryAttempts and maximumRecordAgeS");
    }
    void add(const std::string& pointer, bool atKey, std::string message, std::string hint,
             Error::Code code = Error::Code::Conflict)
    {
        m_source.errors.push_back(
            errorAt(m_source.text, pointer, atKey, code, std::move(message), std::move(hint)));
    }

private:
    const StreamSpec& m_stream;
    const Source& m_source;
};

} // namespace

std::vector<StreamSpec> readStreams(JsonReader& in, const Source& source)
{
    std::vector<StreamSpec> all;
    for (const JsonMember& member : in.members("streams", "the streams")) {
        const std::string pointer = childPointer(in.pointer("streams"), member.key);
        if (!isName(member.key)) {
            source.errors.push_back(errorAt(
                source.text, pointer, true, Error::Code::Malformed, "this is no name for a stream",
                "use letters, digits and _ . : - (not at the beginning), 140 at most"));
            continue;
        }
        JsonReader stream(source.text, member.value, pointer, "a stream", source.errors);
        if (stream.valid())
            all.push_back(readStream(stream, member.key, source));
    }
    if (all.size() > kMostStreams)
        in.fail(Error::Code::LimitReached, "streams",
                fmt::format("there are {} streams, more than {}", all.size(), kMostStreams));
    return all;
}

void findStreams(Scenario& scenario, const Source& source)
{
    std::vector<std::string> names;
    for (const ScenarioFunction& function : scenario.functions)
        names.push_back(function.model.name);
    for (std::uint32_t i = 0; i < scenario.streams.size(); ++i) {
        const StreamSpec& stream = scenario.streams[i];
        if (stream.function.empty())
            continue; // missing or no text: that is recorded
        FedFunction fed(stream, source);
        const std::string at = stream.pointer + "/function";
        const auto found = std::ranges::find(names, stream.function);
        if (found == names.end()) {
            const auto meant = suggestFor(stream.function, names);
            fed.add(at, false, fmt::format("the scenario has no function \"{}\"", stream.function),
                    meant               ? fmt::format("did you mean \"{}\"?", *meant)
                        : names.empty() ? "describe it in \"functions\""
                                        : "there are " + listOfNames(names),
                    Error::Code::Missing);
            continue;
        }
        ScenarioFunction& function
            = scenario.functions[static_cast<std::size_t>(found - names.begin())];
        if (function.stream) {
            fed.add(at, false,
                    fmt::format("the stream \"{}\" feeds \"{}\" already",
                                scenario.streams[*function.stream].model.name, stream.function),
                    "give each stream a function of its own");
            continue;
        }
        function.stream = i;
        fed.check(function);
    }
}

} // namespace coldframe::scenario::detail
