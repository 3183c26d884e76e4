#include "model/workspace.h"

#include <algorithm>

#include "model/json_text.h"

namespace coldframe {

namespace {
template <typename Items>
auto findByName(const Items& items, const std::string& name) -> const typename Items::value_type*
{
    const auto found = std::ranges::find(items, name, &Items::value_type::name);
    return found == items.end() ? nullptr : &*found;
}
} // namespace

const std::string* storeOf(const Destination& destination)
{
    if (const auto* to = std::get_if<StoreDestination>(&destination))
        return &to->store;
    if (const auto* to = std::get_if<TableDestination>(&destination))
        return &to->store;
    return nullptr;
}

std::vector<DestinationText> textsWithVariables(const Destination& destination)
{
    std::vector<DestinationText> texts;
    const auto* to = std::get_if<HttpDestination>(&destination);
    if (!to)
        return texts;
    texts.push_back({"/http/url", to->url});
    for (const auto& [name, value] : to->headers)
        texts.push_back({name == to->secretHeader ? "/http/secretHeader/value"
                                                  : childPointer("/http/headers", name),
                         value});
    return texts;
}

const std::filesystem::path& pathOf(const Store& store)
{
    static const std::filesystem::path none;
    if (const auto* folder = std::get_if<FolderStore>(&store.kind))
        return folder->path;
    const auto* file = std::get_if<SqliteStore>(&store.kind);
    return file ? file->path : none;
}

void setPath(Store& store, std::filesystem::path path)
{
    if (auto* folder = std::get_if<FolderStore>(&store.kind))
        folder->path = std::move(path);
    else if (auto* file = std::get_if<SqliteStore>(&store.kind))
        file->path = std::move(path);
}

std::string_view nameOf(Runtime runtime)
{
    switch (runtime) {
    case Runtime::Python:
        return "python";
    case Runtime::Node:
        return "node";
    case Runtime::Lambda:
        return "lambda";
    case Runtime::Command:
        break;
    }
    return "command";
}

const Function* Workspace::findFunction(const std::string& functionName) const
{
    return findByName(functions, functionName);
}

const Store* Workspace::findStore(const std::string& storeName) const
{
    return findByName(stores, storeName);
}

const Trigger* Workspace::findTrigger(const std::string& triggerName) const
{
    return findByName(triggers, triggerName);
}

FunctionId Workspace::functionId(const std::string& functionName) const
{
    const Function* function = findFunction(functionName);
    return function ? static_cast<FunctionId>(function - functions.data()) : kNoFunction;
}

} // namespace coldframe
