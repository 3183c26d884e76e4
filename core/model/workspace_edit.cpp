#include "model/workspace_edit.h"

#include <fmt/format.h>

#include "model/json_edit.h"
#include "model/json_text.h"

namespace coldframe {

namespace {

/// Where a name is written: `place` is the text itself, `user` what would be nothing without it.
struct Mention {
    std::string place, user;
};

bool says(const JsonValue& object, const char* key, const std::string& name)
{
    const std::optional<JsonValue> value = object.isObject() ? object.find(key) : std::nullopt;
    return value && value->isString() && value->string() == name;
}

std::vector<JsonMember> membersOf(const JsonText& json, const char* section)
{
    if (!json.root().isObject())
        return {};
    const std::optional<JsonValue> found = json.root().find(section);
    return found && found->isObject() ? found->members() : std::vector<JsonMember>();
}

std::vector<Mention> mentionsOf(const std::string& text, EntryKind kind, const std::string& name)
{
    std::vector<Mention> mentions;
    const Result<JsonText> json = parseJson(text, {});
    if (!json || kind == EntryKind::Trigger)
        return mentions;
    const std::string key(nameOf(kind)); // triggers and destinations say "function" and "store"
    for (const JsonMember& function : membersOf(*json, "functions"))
        for (const char* way : {"onSuccess", "onFailure"}) {
            const std::string user = childPointer(childPointer("/functions", function.key), way);
            const std::optional<JsonValue> destination
                = function.value.isObject() ? function.value.find(way) : std::nullopt;
            if (destination && says(*destination, key.c_str(), name))
                mentions.push_back({childPointer(user, key), user});
        }
    for (const JsonMember& trigger : membersOf(*json, "triggers"))
        if (says(trigger.value, key.c_str(), name)) {
            const std::string user = childPointer("/triggers", trigger.key);
            mentions.push_back({childPointer(user, key), user});
        }
    return mentions;
}

bool has(const std::string& text, EntryKind kind, const std::string& name)
{
    const Result<JsonText> json = parseJson(text, {});
    const std::string section = std::string(nameOf(kind)) + 's';
    if (json)
        for (const JsonMember& member : membersOf(*json, section.c_str()))
            if (member.key == name)
                return true;
    return false;
}

Error aboutEntry(Error::Code code, const EntryChange& change, const std::string& name,
                 const char* what, std::string hint)
{
    return {code,
            fmt::format("there is {} {} \"{}\"", what, nameOf(change.kind), name),
            std::move(hint),
            {},
            entryPointer(change.kind, name),
            0,
            0};
}

Result<std::string> renamed(std::string text, const EntryChange& change)
{
    const std::vector<Mention> mentions = mentionsOf(text, change.kind, change.name);
    for (const Mention& mention : mentions) {
        Result<std::string> next = setJson(text, mention.place, quotedJson(change.newName));
        if (!next)
            return next;
        text = std::move(*next);
    }
    return renameJson(text, entryPointer(change.kind, change.name), change.newName);
}

} // namespace

std::string_view nameOf(EntryKind kind)
{
    switch (kind) {
    case EntryKind::Function:
        return "function";
    case EntryKind::Store:
        return "store";
    case EntryKind::Trigger:
        break;
    }
    return "trigger";
}

std::string entryPointer(EntryKind kind, const std::string& name)
{
    return childPointer('/' + std::string(nameOf(kind)) + 's', name);
}

Result<std::string> changeEntry(const std::string& before, const EntryChange& change)
{
    if (const Result<JsonText> json = parseJson(before, {}); !json)
        return tl::unexpected(json.error());
    const bool adds = change.name.empty();
    if (!adds && !has(before, change.kind, change.name))
        return tl::unexpected(aboutEntry(Error::Code::Missing, change, change.name, "no",
                                         "it was removed from the file meanwhile"));
    if ((adds || change.newName != change.name) && has(before, change.kind, change.newName))
        return tl::unexpected(aboutEntry(Error::Code::Duplicate, change, change.newName,
                                         "already a", "choose another name"));
    const std::string pointer = entryPointer(change.kind, change.newName);
    Result<std::string> text = adds     ? setJson(before, pointer, "{}")
        : change.newName != change.name ? renamed(before, change)
                                        : Result<std::string>(before);
    for (const EntryChange::Value& value : change.values) {
        if (!text)
            return text;
        const std::string place = pointer + value.place;
        if (value.json) {
            text = setJson(*text, place, *value.json);
        } else if (Result<std::string> without = removeJson(*text, place)) {
            text = std::move(without);
        } else if (without.error().code != Error::Code::Missing) {
            return without;
        }
    }
    return text;
}

std::vector<std::string> usersOf(const std::string& text, EntryKind kind, const std::string& name)
{
    const std::string own = entryPointer(kind, name) + '/';
    std::vector<std::string> users;
    for (Mention& mention : mentionsOf(text, kind, name))
        if (!mention.user.starts_with(own)) // its own destinations go with it
            users.push_back(std::move(mention.user));
    return users;
}

Result<std::string> removeEntry(const std::string& before, EntryKind kind, const std::string& name)
{
    Result<std::string> text = before;
    for (const std::string& user : usersOf(before, kind, name)) {
        text = removeJson(*text, user);
        if (!text)
            return text;
    }
    return removeJson(*text, entryPointer(kind, name));
}

} // namespace coldframe
