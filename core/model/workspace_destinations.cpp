#include <algorithm>
#include <initializer_list>

#include <fmt/format.h>

#include "model/http_url.h"
#include "model/key_template.h"
#include "model/result_field.h"
#include "model/variable_references.h"
#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

namespace coldframe::detail {

namespace {

/// Records what is wrong with a key, a column's field and the like, at its place.
void failWith(JsonReader& in, const std::string& key, const Error& error)
{
    in.fail(error.code, key, error.message, error.hint);
}

std::optional<Content> readContent(JsonReader& in)
{
    if (!in.has("content"))
        return std::nullopt;
    return in.choice<Content>(
        "content", {{"payload", Content::Payload}, {"record", Content::Record}}, Content::Payload);
}

int readRotation(JsonReader& in, const char* key, IntegerRange range, bool append)
{
    if (!in.has(key))
        return 0;
    if (!append)
        in.fail(Error::Code::Conflict, key,
                fmt::format("{} belongs to files that results are appended to", key),
                "add \"append\": true, or remove it");
    return static_cast<int>(in.integer(key, range, 0));
}

StoreDestination readStore(JsonReader& in, std::string store)
{
    StoreDestination to{std::move(store)};
    to.key = in.string("key", {}, {1, 1024});
    if (const auto key = KeyTemplate::parse(to.key); !to.key.empty() && !key)
        failWith(in, "key", key.error());
    to.messageGroup = in.string("messageGroup", {}, {1, 1024});
    if (const auto group = KeyTemplate::parse(to.messageGroup); !to.messageGroup.empty() && !group)
        failWith(in, "messageGroup", group.error());
    to.content = readContent(in);
    to.append = in.boolean("append", false);
    if (to.append)
        in.require("key", "name the file, such as \"results-{date}.jsonl\"");
    to.rotateMb = readRotation(in, "rotateMb", kRotateMb, to.append);
    to.rotateS = readRotation(in, "rotateS", kRotateS, to.append);
    return to;
}

/// Keys that only destinations of another kind have.
void refuse(JsonReader& in, std::initializer_list<const char*> keys, const char* owners)
{
    for (const char* key : keys)
        if (in.has(key))
            in.fail(Error::Code::Conflict, key, fmt::format("{} belongs to {}", key, owners),
                    "remove it");
}

std::vector<TableColumn> readColumns(JsonReader& in, const WorkspaceSource& source)
{
    std::vector<TableColumn> columns;
    const std::vector<JsonMember> members
        = in.members("columns", "fields by column, such as {\"id\": \"payload.id\"}");
    if (!in.value("columns")->isObject())
        return columns;
    JsonReader inner(source.text, *in.value("columns"), in.pointer("columns"), "columns",
                     source.errors);
    if (members.empty() || members.size() > kMaxColumns)
        in.fail(
            Error::Code::OutOfRange, "columns",
            fmt::format("columns must have 1 to {} members, got {}", kMaxColumns, members.size()),
            "write {\"id\": \"payload.id\"}, or leave columns out for one JSON column");
    for (const JsonMember& member : members) {
        if (member.key.empty() || member.key.size() > 128
            || member.key.find('\0') != std::string::npos)
            inner.fail(Error::Code::Malformed, member.key,
                       "a column's name must have 1 to 128 bytes and no \\u0000");
        std::string field = inner.string(member.key, {}, {1, 1024});
        if (const auto problem = problemInField(field, FieldUse::Column); !field.empty() && problem)
            failWith(inner, member.key, *problem);
        columns.push_back({member.key, std::move(field)});
    }
    return columns;
}

void readTableKey(JsonReader& in, TableDestination& to)
{
    to.key = in.strings("key", {1, 128});
    for (const std::string& name : to.key)
        if (std::ranges::find(to.columns, name, &TableColumn::name) == to.columns.end())
            in.fail(Error::Code::Conflict, "key",
                    fmt::format("the key \"{}\" is no column of this destination", name),
                    fmt::format("add it to columns, such as \"{}\": \"payload.{}\"", name, name));
}

TableDestination readTable(JsonReader& in, std::string store, bool success,
                           const WorkspaceSource& source)
{
    TableDestination to{std::move(store)};
    to.table = in.string("table", {}, {1, 128});
    if (to.table.starts_with("sqlite_") || to.table.starts_with("_coldframe"))
        in.fail(Error::Code::Conflict, "table",
                fmt::format("the name \"{}\" is reserved", to.table), "choose another table");
    const bool hasContent = in.has("content");
    const Content content = readContent(in).value_or(success ? Content::Payload : Content::Record);
    if (in.has("columns"))
        to.columns = readColumns(in, source);
    else
        to.columns = {{"json", content == Content::Payload ? "payload" : "record"}};
    if (hasContent && in.has("columns"))
        in.fail(Error::Code::Conflict, "content",
                "content says what the one JSON column of a table without columns gets",
                "remove it; columns name what they get");
    readTableKey(in, to);
    to.create = in.boolean("create", false);
    refuse(in, {"append", "rotateMb", "rotateS"}, "destinations in a folder");
    refuse(in, {"messageGroup"}, "destinations in a FIFO queue");
    return to;
}

/// A text with `${env:NAME}` in it.
std::string readReferring(JsonReader& in, const std::string& key)
{
    std::string text = in.string(key, {}, {1, 8192});
    if (const auto problem = problemInReferences(text))
        in.fail(Error::Code::Malformed, key, *problem,
                "write ${env:NAME}; a plain ${env: is written $${env:");
    return text;
}

void readUrl(JsonReader& in, HttpDestination& to)
{
    in.require("url", "name the address, such as \"https://example.com/results\"");
    to.url = readReferring(in, "url");
    if (to.url.empty() || to.url.starts_with("${env:"))
        return; // told, or known when it is sent
    if (const auto url = parseHttpUrl(to.url.substr(0, to.url.find("${env:"))); !url)
        failWith(in, "url", url.error());
}

void addHeader(JsonReader& in, const std::string& key, HttpDestination& to, std::string name,
               std::string value)
{
    if (!isFreeHeader(name))
        in.fail(Error::Code::Malformed, key,
                fmt::format("\"{}\" is not a header that can be set", name),
                "use letters, digits and -; Host, Content-Length and the like are set as needed");
    if (!isHeaderValue(value))
        in.fail(Error::Code::Malformed, key, "a header's value holds no control characters");
    to.headers.emplace_back(std::move(name), std::move(value));
}

void readHeaders(JsonReader& in, HttpDestination& to, const WorkspaceSource& source)
{
    const auto headers = in.members("headers", "texts by name");
    if (const auto found = in.value("headers"); found && found->isObject()) {
        JsonReader inner(source.text, *found, in.pointer("headers"), "headers", source.errors);
        for (const JsonMember& member : headers)
            addHeader(inner, member.key, to, member.key, readReferring(inner, member.key));
    }
    const auto secret = in.value("secretHeader");
    if (!secret)
        return;
    JsonReader inner(source.text, *secret, in.pointer("secretHeader"), "secretHeader",
                     source.errors);
    inner.require("name", "such as \"Authorization\"");
    inner.require("value", "such as \"Bearer ${env:TOKEN}\"");
    to.secretHeader = inner.string("name", {}, {1, 256});
    std::string value = readReferring(inner, "value");
    if (!value.empty() && referencesIn(value).empty())
        inner.fail(Error::Code::Conflict, "value", "the secret stands in this file itself",
                   "keep it in your shell or in secrets.env and write ${env:TOKEN}");
    if (!to.secretHeader.empty())
        addHeader(inner, "name", to, to.secretHeader, std::move(value));
    inner.rejectOtherKeys();
}

HttpDestination readHttp(JsonReader& destination, const WorkspaceSource& source)
{
    HttpDestination to;
    JsonReader in(source.text, *destination.value("http"), destination.pointer("http"), "http",
                  source.errors);
    readUrl(in, to);
    readHeaders(in, to, source);
    to.timeoutMs = static_cast<int>(in.integer("timeoutMs", kHttpTimeoutMs, to.timeoutMs));
    to.retries = static_cast<int>(in.integer("retries", kHttpRetries, to.retries));
    in.rejectOtherKeys();
    return to;
}

void checkOneKind(JsonReader& function, const std::string& key, int kinds)
{
    if (kinds != 1)
        function.fail(Error::Code::Conflict, key,
                      fmt::format("{} must name {} \"store\", a \"function\" or an \"http\" "
                                  "address",
                                  key, kinds > 1 ? "either a" : "a"),
                      kinds > 1 ? "keep one of them" : "write {\"store\": \"results\"}");
}

} // namespace

std::optional<Destination> readDestination(JsonReader& function, const std::string& key,
                                           const WorkspaceSource& source)
{
    const std::optional<JsonValue> found = function.value(key);
    if (!found)
        return std::nullopt;
    JsonReader in(source.text, *found, function.pointer(key), key, source.errors);
    const bool store = in.has("store"), next = in.has("function"), http = in.has("http");
    const int kinds = store + next + http;
    if (in.valid())
        checkOneKind(function, key, kinds);
    std::optional<Destination> destination;
    const std::string storeName = in.string("store"), functionName = in.string("function");
    if (store && kinds == 1 && in.has("table")) {
        destination = readTable(in, storeName, key == "onSuccess", source);
    } else if (store && kinds == 1) {
        refuse(in, {"columns", "create"}, "destinations with a \"table\"");
        destination = readStore(in, storeName);
    } else {
        refuse(in,
               {"key", "content", "append", "rotateMb", "rotateS", "messageGroup", "table",
                "columns", "create"},
               "destinations in a store");
    }
    if (!functionName.empty())
        destination = FunctionDestination{functionName};
    if (http && kinds == 1)
        destination = readHttp(in, source);
    in.rejectOtherKeys();
    return destination;
}

} // namespace coldframe::detail
