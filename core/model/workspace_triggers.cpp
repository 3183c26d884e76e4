#include <fmt/format.h>

#include "model/glob.h"
#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

namespace coldframe::detail {

namespace {

enum class Kind { File, Schedule, Manual, Http, Stream, Queue, Changes };

FileTrigger readFile(JsonReader& in, const WorkspaceSource& source)
{
    FileTrigger trigger;
    in.require("store", "name the store to watch");
    trigger.store = in.string("store");
    if (in.has("events"))
        readEventWords(in, source,
                       {{"created", &trigger.onCreated},
                        {"modified", &trigger.onModified},
                        {"removed", &trigger.onRemoved}});
    trigger.prefix = in.string("prefix", {}, {0, 1024});
    trigger.suffix = in.string("suffix", {}, {0, 1024});
    trigger.glob = in.string("glob", {}, {1, 1024});
    if (const auto problem = globProblem(trigger.glob))
        in.fail(Error::Code::Malformed, "glob",
                fmt::format("\"{}\" is not a pattern: {}", trigger.glob, *problem),
                "* and ? stay within a folder, ** as a part of its own is any number of folders: "
                "**/*.csv");
    trigger.recursive = in.boolean("recursive", trigger.recursive);
    trigger.catchUp = in.boolean("catchUp", trigger.catchUp);
    trigger.shape = in.choice<EventShape>("shape",
                                          {{"s3", EventShape::S3},
                                           {"eventbridge", EventShape::EventBridge},
                                           {"cloudevents", EventShape::CloudEvents},
                                           {"content", EventShape::Content},
                                           {"body", EventShape::Body}},
                                          trigger.shape);
    trigger.settleMs = static_cast<int>(in.integer("settleMs", kSettleMs, trigger.settleMs));
    return trigger;
}

HttpTrigger readHttp(JsonReader& in)
{
    HttpTrigger trigger;
    if (in.has("route")) {
        const std::string written = in.string("route", trigger.route.key, {1, 1024});
        auto route = parseHttpRoute(written);
        if (!route)
            in.fail(Error::Code::Malformed, "route", route.error().message, route.error().hint);
        // A wrong one is no other trigger's.
        trigger.route = route ? std::move(*route) : HttpRoute{.key = written, .method = written};
    }
    trigger.port = static_cast<int>(in.integer("port", {0, 65'535}, 0));
    trigger.payload = in.choice<HttpPayload>(
        "payload", {{"2.0", HttpPayload::V2}, {"1.0", HttpPayload::V1}}, HttpPayload::V2);
    trigger.timeoutMs = static_cast<int>(in.integer("timeoutMs", {1, 900'000}, trigger.timeoutMs));
    return trigger;
}

/// The outer form only: what a pattern may hold is known where patterns are compiled, which reports
/// it in the same manner.
std::string readFilter(JsonReader& in, const WorkspaceSource& source)
{
    constexpr const char* kForm
        = "write the fields that an event must have, such as {\"detail\": {\"state\": [\"done\"]}}";
    const std::optional<JsonValue> found = in.value("filter");
    if (!found)
        return {};
    if (!found->isObject() && (!found->isArray() || found->elements().empty())) {
        in.fail(Error::Code::Malformed, "filter",
                fmt::format("filter must be a pattern or a list of patterns, got {}",
                            found->isArray() ? "an empty list" : excerpt(*found)),
                kForm);
        return {};
    }
    std::size_t index = 0;
    if (found->isArray())
        for (const JsonValue& pattern : found->elements()) {
            const std::string pointer = childPointer(in.pointer("filter"), index++);
            if (!pattern.isObject())
                source.errors.push_back(
                    errorAt(source.text, pointer, false, Error::Code::Malformed,
                            fmt::format("filter holds patterns, got {}", excerpt(pattern)), kForm));
        }
    return found->compact();
}

Trigger readTrigger(const JsonMember& member, const std::string& pointer,
                    const WorkspaceSource& source)
{
    Trigger trigger;
    trigger.name = member.key;
    checkName("trigger", member, pointer, source);
    const std::optional<JsonValue> kindValue
        = member.value.isObject() ? member.value.find("kind") : std::nullopt;
    const std::string kindWord
        = kindValue && kindValue->isString() ? kindValue->string() + " " : std::string();
    const std::string article = kindWord == "http " ? "an " : "a ";
    JsonReader in(source.text, member.value, pointer, article + kindWord + "trigger",
                  source.errors);
    if (!in.valid())
        return trigger;
    in.require("kind",
               "write \"file\", \"schedule\", \"queue\", \"http\", \"stream\", \"changes\" or "
               "\"manual\"");
    const std::size_t before = source.errors.size();
    const Kind kind = in.choice<Kind>("kind",
                                      {{"file", Kind::File},
                                       {"schedule", Kind::Schedule},
                                       {"queue", Kind::Queue},
                                       {"http", Kind::Http},
                                       {"stream", Kind::Stream},
                                       {"changes", Kind::Changes},
                                       {"manual", Kind::Manual}},
                                      Kind::Manual);
    in.require("function", "name the function it invokes");
    trigger.function = in.string("function");
    trigger.enabled = in.boolean("enabled", true);
    if (!kindValue || source.errors.size() > before)
        return trigger; // its other keys are those of another kind
    // A caller waits for an answer, and function URLs have no filters.
    if (kind != Kind::Http)
        trigger.filter = readFilter(in, source);
    if (kind == Kind::File) {
        trigger.kind = readFile(in, source);
    } else if (kind == Kind::Schedule) {
        trigger.kind = readSchedule(in);
    } else if (kind == Kind::Http) {
        trigger.kind = readHttp(in);
    } else if (kind == Kind::Queue) {
        trigger.kind = readQueueTrigger(in);
    } else if (kind == Kind::Stream) {
        trigger.kind = readStream(in, source);
    } else if (kind == Kind::Changes) {
        trigger.kind = readChanges(in, source);
    } else {
        const std::optional<JsonValue> event = in.value("event");
        trigger.kind = ManualTrigger{event ? event->compact() : std::string()};
    }
    in.rejectOtherKeys();
    return trigger;
}

} // namespace

std::vector<Trigger> readTriggers(JsonReader& workspace, const WorkspaceSource& source)
{
    std::vector<Trigger> triggers;
    const std::string base = workspace.pointer("triggers");
    for (const JsonMember& member : workspace.members("triggers", "triggers by name"))
        triggers.push_back(readTrigger(member, childPointer(base, member.key), source));
    return triggers;
}

} // namespace coldframe::detail
