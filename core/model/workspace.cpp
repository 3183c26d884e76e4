#include "model/workspace.h"

#include <algorithm>

namespace coldframe {

namespace {
template <typename Items>
auto findByName(const Items& items, const std::string& name) -> const typename Items::value_type*
{
    const auto found = std::ranges::find(items, name, &Items::value_type::name);
    return found == items.end() ? nullptr : &*found;
}
} // namespace

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
