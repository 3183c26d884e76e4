#include <algorithm>

#include <fmt/format.h>

#include "model/shard_reading.h"
#include "model/suggestion.h"
#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

namespace coldframe::detail {

void readEventWords(JsonReader& in, const WorkspaceSource& source,
                    const std::vector<std::pair<const char*, bool*>>& words)
{
    std::string known; // "a", "b" and "c"
    for (std::size_t i = 0; i < words.size(); ++i)
        known += fmt::format("{}\"{}\"",
                             i == 0                      ? ""
                                 : i + 1 == words.size() ? " and "
                                                         : ", ",
                             words[i].first);
    const std::optional<JsonValue> found = in.value("events");
    if (!found || !found->isArray() || found->elements().empty()) {
        in.fail(Error::Code::Malformed, "events",
                fmt::format("events must be a list of {}, got {}", known,
                            found && !found->isArray() ? excerpt(*found) : "an empty list"));
        return;
    }
    for (const auto& [word, chosen] : words)
        *chosen = false;
    std::size_t index = 0;
    for (const JsonValue& element : found->elements()) {
        const std::string pointer = childPointer(in.pointer("events"), index++);
        const std::string text = element.isString() ? element.string() : std::string();
        const auto word = std::ranges::find(words, text, [](const auto& one) { return one.first; });
        if (word == words.end())
            source.errors.push_back(
                errorAt(source.text, pointer, false, Error::Code::Malformed,
                        fmt::format("events holds {}, got {}", known, excerpt(element))));
        else if (std::exchange(*word->second, true))
            source.errors.push_back(errorAt(source.text, pointer, false, Error::Code::Duplicate,
                                            fmt::format("events holds {} twice", excerpt(element)),
                                            "remove one"));
    }
}

ChangesTrigger readChanges(JsonReader& in, const WorkspaceSource& source)
{
    using Shape = ChangesTrigger::Shape;
    using Start = StreamTrigger::Start;
    ChangesTrigger trigger;
    in.require("store", "name the store of the kind \"sqlite\" or \"postgres\" that has the table");
    trigger.store = in.string("store");
    in.require("table", "name the table whose changes it gets, such as \"orders\"");
    trigger.table = in.string("table", {}, {1, 255});
    if (trigger.table.find('\0') != std::string::npos || trigger.table.starts_with("sqlite_")
        || trigger.table.starts_with("_coldframe"))
        in.fail(Error::Code::Conflict, "table",
                fmt::format("{} is not a table of your data", excerpt(*in.value("table"))),
                "name one of your own tables");
    if (in.has("events"))
        readEventWords(in, source,
                       {{"insert", &trigger.onInsert},
                        {"modify", &trigger.onModify},
                        {"remove", &trigger.onRemove}});
    trigger.shape = in.choice<Shape>("shape", {{"dynamodb", Shape::DynamoDb}, {"row", Shape::Row}},
                                     trigger.shape);
    trigger.start = in.choice<Start>(
        "startingPosition", {{"TRIM_HORIZON", Start::TrimHorizon}, {"LATEST", Start::Latest}},
        trigger.start);
    trigger.shard = readShardRules(in);
    return trigger;
}

} // namespace coldframe::detail
