#include <algorithm>

#include <fmt/format.h>

#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

namespace coldframe::detail {

namespace {

std::filesystem::path folderOf(const Workspace& workspace, const std::string& store)
{
    return pathOf(*workspace.findStore(store));
}

/// The file trigger of `function` that sees what is written into `store`, if there is one.
const Trigger* triggerSeeing(const Workspace& workspace, const Function& function,
                             const std::string& store)
{
    for (const Trigger& trigger : workspace.triggers) {
        const auto* file = std::get_if<FileTrigger>(&trigger.kind);
        if (file && (file->onCreated || file->onModified) && trigger.function == function.name
            && isWithin(folderOf(workspace, store), folderOf(workspace, file->store)))
            return &trigger;
    }
    return nullptr;
}

const std::string* nextFunction(const std::optional<Destination>& destination)
{
    const auto* next = destination ? std::get_if<FunctionDestination>(&*destination) : nullptr;
    return next ? &next->function : nullptr;
}

/// Names from `function` along `key` back to itself; empty when the chain ends.
std::vector<std::string> loopFrom(const Workspace& workspace, const Function& function,
                                  std::optional<Destination> Function::*key)
{
    std::vector<std::string> chain{function.name};
    const std::string* next = nextFunction(function.*key);
    while (next && chain.size() <= workspace.functions.size()) {
        chain.push_back(*next);
        if (*next == function.name)
            return chain;
        next = nextFunction(workspace.findFunction(*next)->*key);
    }
    return {};
}

void checkChain(const Workspace& workspace, const JsonText& text, const Function& function,
                std::optional<Destination> Function::*key, const std::string& keyName,
                Errors& errors, Errors& warnings)
{
    const std::vector<std::string> loop = loopFrom(workspace, function, key);
    const std::string pointer
        = childPointer("/functions", function.name) + "/" + keyName + "/function";
    if (loop.size() == 2) {
        errors.push_back(errorAt(text, pointer, false, Error::Code::Conflict,
                                 "a function cannot be its own destination",
                                 "name another function or a store"));
    } else if (!loop.empty() && *std::ranges::min_element(loop) == function.name) {
        std::string shown = loop.front(); // told once a loop, at its first name
        for (std::size_t i = 1; i < loop.size(); ++i)
            shown += " → " + loop[i];
        warnings.push_back(errorAt(
            text, pointer, false, Error::Code::Conflict,
            fmt::format("the destinations form a loop: {}", shown),
            fmt::format("a chain is stopped after {} invocations; send one of them elsewhere",
                        kMaxHops)));
    }
}

void warnOfOwnStore(const Workspace& workspace, const JsonText& text, const Function& function,
                    const std::optional<Destination>& destination, const std::string& keyName,
                    Errors& warnings)
{
    const auto* store = destination ? std::get_if<StoreDestination>(&*destination) : nullptr;
    const Trigger* trigger = store ? triggerSeeing(workspace, function, store->store) : nullptr;
    if (!trigger)
        return;
    const std::string& watched = std::get<FileTrigger>(trigger->kind).store;
    const std::string where = watched == store->store
        ? fmt::format("\"{}\", which", store->store)
        : fmt::format("\"{}\", which lies inside \"{}\", which", store->store, watched);
    warnings.push_back(errorAt(
        text, childPointer("/functions", function.name) + "/" + keyName + "/store", false,
        Error::Code::Conflict,
        fmt::format("what \"{}\" writes goes into {} triggers it again", function.name, where),
        fmt::format("after {} invocations in one chain the trigger \"{}\" is paused; use another "
                    "store",
                    kMaxHops, trigger->name)));
}

/// Messages that are sent into the queue that the function reads.
void warnOfOwnQueue(const Workspace& workspace, const JsonText& text, const Function& function,
                    const std::optional<Destination>& destination, const std::string& keyName,
                    Errors& warnings)
{
    const auto* to = destination ? std::get_if<StoreDestination>(&*destination) : nullptr;
    for (const Trigger& trigger : workspace.triggers) {
        const auto* queue = std::get_if<QueueTrigger>(&trigger.kind);
        if (to && queue && trigger.function == function.name && queue->store == to->store)
            warnings.push_back(errorAt(
                text, childPointer("/functions", function.name) + "/" + keyName + "/store", false,
                Error::Code::Conflict,
                fmt::format("what \"{}\" sends goes into the queue \"{}\", which it reads again",
                            function.name, to->store),
                fmt::format("a chain is stopped after {} invocations; use another queue",
                            kMaxHops)));
    }
}

/// Rows that are written into a table whose changes trigger the function that made them.
void warnOfOwnTable(const Workspace& workspace, const JsonText& text, const Function& function,
                    const std::optional<Destination>& destination, const std::string& keyName,
                    Errors& warnings)
{
    const auto* to = destination ? std::get_if<TableDestination>(&*destination) : nullptr;
    for (const Trigger& trigger : workspace.triggers) {
        const auto* changes = std::get_if<ChangesTrigger>(&trigger.kind);
        if (!to || !changes || trigger.function != function.name || changes->store != to->store
            || changes->table != to->table)
            continue;
        warnings.push_back(errorAt(
            text, childPointer("/functions", function.name) + "/" + keyName + "/table", false,
            Error::Code::Conflict,
            fmt::format(
                "what \"{}\" writes goes into the table {}, whose changes trigger it again, "
                "without end",
                function.name, to->table),
            "write into another table"));
        return;
    }
}

bool overlap(const FileTrigger& a, const FileTrigger& b)
{
    const bool prefixes = a.prefix.starts_with(b.prefix) || b.prefix.starts_with(a.prefix);
    const bool suffixes = a.suffix.ends_with(b.suffix) || b.suffix.ends_with(a.suffix);
    // Whether two different patterns can meet is not looked into.
    const bool patterns = a.glob == b.glob && a.recursive == b.recursive;
    const auto writes = [](const FileTrigger& file) { return file.onCreated || file.onModified; };
    return a.store == b.store && prefixes && suffixes && patterns
        && ((writes(a) && writes(b)) || (a.onRemoved && b.onRemoved));
}

} // namespace

void warnOfLoops(const Workspace& workspace, const JsonText& text, Errors& errors, Errors& warnings)
{
    for (const Function& function : workspace.functions) {
        checkChain(workspace, text, function, &Function::onSuccess, "onSuccess", errors, warnings);
        checkChain(workspace, text, function, &Function::onFailure, "onFailure", errors, warnings);
        warnOfOwnStore(workspace, text, function, function.onSuccess, "onSuccess", warnings);
        warnOfOwnStore(workspace, text, function, function.onFailure, "onFailure", warnings);
        warnOfOwnQueue(workspace, text, function, function.onSuccess, "onSuccess", warnings);
        warnOfOwnQueue(workspace, text, function, function.onFailure, "onFailure", warnings);
        warnOfOwnTable(workspace, text, function, function.onSuccess, "onSuccess", warnings);
        warnOfOwnTable(workspace, text, function, function.onFailure, "onFailure", warnings);
    }
}

void warnOfHandlers(const Workspace& workspace, const JsonText& text, Errors& warnings)
{
    for (const Function& function : workspace.functions) {
        const bool python = function.runtime == Runtime::Python;
        const std::size_t dot = function.handler.rfind('.');
        const bool good = dot != std::string::npos && dot > 0 && dot + 1 < function.handler.size();
        if (good || (!python && function.runtime != Runtime::Node))
            continue;
        warnings.push_back(errorAt(
            text, childPointer("/functions", function.name) + "/handler", false,
            Error::Code::Malformed,
            fmt::format("the handler \"{}\" is not MODULE.FUNCTION: every invocation will fail",
                        function.handler),
            python ? "\"app.process\" is the function process in app.py"
                   : "\"index.handler\" is what index.js exports as handler"));
    }
}

void warnOfOverlaps(const Workspace& workspace, const JsonText& text, Errors& warnings)
{
    const std::vector<Trigger>& triggers = workspace.triggers;
    for (std::size_t later = 1; later < triggers.size(); ++later) {
        const auto* second = std::get_if<FileTrigger>(&triggers[later].kind);
        for (std::size_t earlier = 0; second && earlier < later; ++earlier) {
            const auto* first = std::get_if<FileTrigger>(&triggers[earlier].kind);
            if (!first || !overlap(*first, *second))
                continue;
            warnings.push_back(errorAt(
                text, childPointer("/triggers", triggers[later].name), true, Error::Code::Conflict,
                fmt::format("\"{}\" and \"{}\" see the same files of \"{}\": each file is handled "
                            "by both",
                            triggers[earlier].name, triggers[later].name, second->store),
                "S3 refuses two notifications whose prefixes and suffixes overlap for one event "
                "type; narrow one of them"));
        }
    }
}

} // namespace coldframe::detail
