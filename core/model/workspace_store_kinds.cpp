#include <fmt/format.h>

#include "model/key_template.h"
#include "model/workspace_parts.h"

namespace coldframe::detail {

namespace {

std::string_view nameOfKind(const Store& store)
{
    if (std::holds_alternative<FolderStore>(store.kind))
        return "folder";
    return std::holds_alternative<QueueStore>(store.kind) ? "queue" : "database";
}

bool isDatabase(const Store& store)
{
    return std::holds_alternative<SqliteStore>(store.kind)
        || std::holds_alternative<PostgresStore>(store.kind);
}

} // namespace

void checkStoreKinds(const Workspace& workspace, const JsonText& text, Errors& errors)
{
    const auto add = [&](const std::string& pointer, std::string message, std::string hint) {
        errors.push_back(errorAt(text, pointer, false, Error::Code::Conflict, std::move(message),
                                 std::move(hint)));
    };
    const auto check = [&](const Function& function, const std::optional<Destination>& destination,
                           const char* way) {
        const std::string* name = destination ? storeOf(*destination) : nullptr;
        const Store* store = name ? workspace.findStore(*name) : nullptr;
        if (!store)
            return; // there is none, or it was told already
        const bool wantsTable = std::holds_alternative<TableDestination>(*destination);
        const std::string at = childPointer("/functions", function.name) + "/" + way;
        if (isDatabase(*store) != wantsTable) {
            if (wantsTable)
                add(at + "/store",
                    fmt::format("the store \"{}\" is a {} and has no tables", *name,
                                nameOfKind(*store)),
                    "name a store of the kind \"sqlite\" or \"postgres\", or remove \"table\"");
            else
                add(at + "/store",
                    fmt::format("the store \"{}\" is a database: its results need a table", *name),
                    "add \"table\": \"results\", or name a store of the kind \"folder\"");
            return;
        }
        const auto* queue = std::get_if<QueueStore>(&store->kind);
        const auto* to = std::get_if<StoreDestination>(&*destination);
        if (queue && to && (!to->key.empty() || to->append))
            add(at + (to->append ? "/append" : "/key"),
                fmt::format("the store \"{}\" is a queue: each result is a message", *name),
                "remove it; messageGroup names the group of a FIFO queue");
        if (to && !to->messageGroup.empty() && !(queue && queue->fifo))
            add(at + "/messageGroup",
                fmt::format("the store \"{}\" is no FIFO queue and has no message groups", *name),
                "remove it, or add \"fifo\": true to the queue");
    };
    for (const Function& function : workspace.functions) {
        check(function, function.onSuccess, "onSuccess");
        check(function, function.onFailure, "onFailure");
    }
    for (const Trigger& trigger : workspace.triggers) {
        const std::string at = childPointer("/triggers", trigger.name) + "/store";
        if (const auto* file = std::get_if<FileTrigger>(&trigger.kind)) {
            const Store* store = workspace.findStore(file->store);
            if (store && !std::holds_alternative<FolderStore>(store->kind))
                add(at,
                    fmt::format("the store \"{}\" is a {} and has no files", file->store,
                                nameOfKind(*store)),
                    "name a store of the kind \"folder\"");
        } else if (const auto* changes = std::get_if<ChangesTrigger>(&trigger.kind)) {
            const Store* store = workspace.findStore(changes->store);
            if (store && !isDatabase(*store))
                add(at,
                    fmt::format("the store \"{}\" is a {} and has no tables", changes->store,
                                nameOfKind(*store)),
                    "name a store of the kind \"sqlite\" or \"postgres\"");
        }
    }
}

void warnOfReplacing(const Workspace& workspace, const JsonText& text, Errors& warnings)
{
    const auto warn = [&](const Function& function, const std::optional<Destination>& destination,
                          const char* way) {
        const auto* to = destination ? std::get_if<StoreDestination>(&*destination) : nullptr;
        if (!to || to->append || to->key.empty())
            return;
        const auto key = KeyTemplate::parse(to->key);
        if (!key || !key->hasFields() || !key->isShared())
            return; // a key without fields is a file for the latest, and meant
        warnings.push_back(errorAt(
            text, childPointer("/functions", function.name) + "/" + way + "/key", false,
            Error::Code::Conflict,
            fmt::format("results of \"{}\" with the same \"{}\" replace one another", function.name,
                        to->key),
            "add {requestId} or {sourceKey}, or \"append\": true to keep them all in one file"));
    };
    for (const Function& function : workspace.functions) {
        warn(function, function.onSuccess, "onSuccess");
        warn(function, function.onFailure, "onFailure");
    }
}

} // namespace coldframe::detail
