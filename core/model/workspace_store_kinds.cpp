#include <fmt/format.h>

#include "model/key_template.h"
#include "model/workspace_parts.h"

namespace coldframe::detail {

void checkStoreKinds(const Workspace& workspace, const JsonText& text, Errors& errors)
{
    const auto isTable = [&](const std::string& name) {
        const Store* store = workspace.findStore(name);
        return store ? std::optional(std::holds_alternative<SqliteStore>(store->kind))
                     : std::nullopt; // told already
    };
    const auto add = [&](const std::string& pointer, std::string message, std::string hint) {
        errors.push_back(errorAt(text, pointer, false, Error::Code::Conflict, std::move(message),
                                 std::move(hint)));
    };
    const auto check = [&](const Function& function, const std::optional<Destination>& destination,
                           const char* way) {
        const std::string* store = destination ? storeOf(*destination) : nullptr;
        const auto table = store ? isTable(*store) : std::nullopt;
        const bool wants = destination && std::holds_alternative<TableDestination>(*destination);
        if (!table || *table == wants)
            return;
        const std::string at = childPointer("/functions", function.name) + "/" + way + "/store";
        if (wants)
            add(at, fmt::format("the store \"{}\" is a folder and has no tables", *store),
                "name a store of the kind \"sqlite\", or remove \"table\"");
        else
            add(at, fmt::format("the store \"{}\" is a database: its results need a table", *store),
                "add \"table\": \"results\", or name a store of the kind \"folder\"");
    };
    for (const Function& function : workspace.functions) {
        check(function, function.onSuccess, "onSuccess");
        check(function, function.onFailure, "onFailure");
    }
    for (const Trigger& trigger : workspace.triggers)
        if (const auto* file = std::get_if<FileTrigger>(&trigger.kind);
            file && isTable(file->store).value_or(false))
            add(childPointer("/triggers", trigger.name) + "/store",
                fmt::format("the store \"{}\" is a database and has no files", file->store),
                "name a store of the kind \"folder\"");
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
