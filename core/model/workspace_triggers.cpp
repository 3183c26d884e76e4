#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

namespace coldframe::detail {

namespace {

enum class Kind { File, Schedule, Manual, Http };

void readFileEvents(JsonReader& in, FileTrigger& trigger, const WorkspaceSource& source)
{
    const std::optional<JsonValue> found = in.value("events");
    if (!found)
        return;
    if (!found->isArray() || found->elements().empty()) {
        in.fail(Error::Code::Malformed, "events",
                fmt::format("events must be a list of \"created\" and \"removed\", got {}",
                            found->isArray() ? "an empty list" : excerpt(*found)));
        return;
    }
    trigger.onCreated = trigger.onRemoved = false;
    std::size_t index = 0;
    for (const JsonValue& element : found->elements()) {
        const std::string pointer = childPointer(in.pointer("events"), index++);
        const std::string word = element.isString() ? element.string() : std::string();
        bool* const chosen = word == "created" ? &trigger.onCreated
            : word == "removed"                ? &trigger.onRemoved
                                               : nullptr;
        if (!chosen)
            source.errors.push_back(errorAt(
                source.text, pointer, false, Error::Code::Malformed,
                fmt::format("events holds \"created\" and \"removed\", got {}", excerpt(element))));
        else if (*chosen)
            source.errors.push_back(errorAt(source.text, pointer, false, Error::Code::Duplicate,
                                            fmt::format("events holds {} twice", excerpt(element)),
                                            "remove one"));
        else
            *chosen = true;
    }
}

FileTrigger readFile(JsonReader& in, const WorkspaceSource& source)
{
    FileTrigger trigger;
    in.require("store", "name the store to watch");
    trigger.store = in.string("store");
    readFileEvents(in, trigger, source);
    trigger.prefix = in.string("prefix", {}, {0, 1024});
    trigger.suffix = in.string("suffix", {}, {0, 1024});
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

/// The inside of "rate(…)" or "cron(…)", or nothing.
std::optional<std::string> inside(const std::string& expression, const std::string& form)
{
    if (!expression.starts_with(form + "(") || !expression.ends_with(')'))
        return std::nullopt;
    return expression.substr(form.size() + 1, expression.size() - form.size() - 2);
}

std::vector<std::string> wordsBySpace(const std::string& text)
{
    std::vector<std::string> words;
    std::size_t at = 0;
    while ((at = text.find_first_not_of(' ', at)) != std::string::npos) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        words.push_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

bool isGoodRate(const std::string& rate)
{
    const std::vector<std::string> words = wordsBySpace(rate);
    if (words.size() != 2)
        return false;
    int count = 0;
    const char* const last = words[0].data() + words[0].size();
    const auto [end, problem] = std::from_chars(words[0].data(), last, count);
    const std::string plural = count == 1 ? "" : "s";
    return problem == std::errc() && end == last && count > 0
        && (words[1] == "minute" + plural || words[1] == "hour" + plural
            || words[1] == "day" + plural);
}

/// The outer form only: what the fields of a cron expression may hold is known where schedules
/// are computed, which reports it in the same manner.
void checkExpression(JsonReader& in, const std::string& expression)
{
    if (const std::optional<std::string> rate = inside(expression, "rate")) {
        if (!isGoodRate(*rate))
            in.fail(Error::Code::Malformed, "expression",
                    fmt::format("\"{}\" is not a rate", expression),
                    "write rate(1 minute), rate(5 minutes), rate(2 hours) or rate(1 day)");
    } else if (const std::optional<std::string> cron = inside(expression, "cron")) {
        const std::size_t fields = wordsBySpace(*cron).size();
        if (fields != 6)
            in.fail(Error::Code::Malformed, "expression",
                    fmt::format("a cron expression has six fields, got {}", fields),
                    "write cron(minute hour day month weekday year), such as cron(0 2 * * ? *)");
    } else {
        in.fail(Error::Code::Malformed, "expression",
                fmt::format("\"{}\" is not a schedule", expression),
                "write rate(5 minutes) or cron(0 2 * * ? *)");
    }
}

bool looksLikeTimezone(const std::string& name)
{
    return name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "_+-/")
        == std::string::npos
        && name.front() != '/' && name.back() != '/';
}

ScheduleTrigger readSchedule(JsonReader& in)
{
    ScheduleTrigger trigger;
    in.require("expression", "write rate(5 minutes) or cron(0 2 * * ? *)");
    trigger.expression = in.string("expression", {}, {1, 256});
    if (!trigger.expression.empty())
        checkExpression(in, trigger.expression);
    trigger.timezone = in.string("timezone", trigger.timezone, {1, kMaxNameLength});
    if (!looksLikeTimezone(trigger.timezone))
        in.fail(Error::Code::Malformed, "timezone",
                fmt::format("\"{}\" is not the name of a time zone", trigger.timezone),
                "write a name such as \"Europe/Berlin\" or \"UTC\"");
    if (const std::optional<JsonValue> event = in.value("event"))
        trigger.event = event->compact();
    trigger.fireMissedOnce = in.choice<bool>("onMissed", {{"skip", false}, {"fire-once", true}},
                                             trigger.fireMissedOnce);
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
    in.require("kind", "write \"file\", \"schedule\", \"http\" or \"manual\"");
    const std::size_t before = source.errors.size();
    const Kind kind = in.choice<Kind>("kind",
                                      {{"file", Kind::File},
                                       {"schedule", Kind::Schedule},
                                       {"http", Kind::Http},
                                       {"manual", Kind::Manual}},
                                      Kind::Manual, {"queue", "changes"});
    in.require("function", "name the function it invokes");
    trigger.function = in.string("function");
    trigger.enabled = in.boolean("enabled", true);
    if (!kindValue || source.errors.size() > before)
        return trigger; // its other keys are those of another kind
    if (kind == Kind::File) {
        trigger.kind = readFile(in, source);
    } else if (kind == Kind::Schedule) {
        trigger.kind = readSchedule(in);
    } else if (kind == Kind::Http) {
        trigger.kind = readHttp(in);
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
