#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "model/environment.h"
#include "model/suggestion.h"
#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

namespace coldframe::detail {

namespace {

template <typename Items> std::vector<std::string> namesOf(const Items& items)
{
    std::vector<std::string> names;
    for (const auto& item : items)
        names.push_back(item.name);
    return names;
}

/// Looks names up and records those that lead nowhere, with what was probably meant.
class NameCheck {
public:
    NameCheck(const Workspace& workspace, const JsonText& text, Errors& errors)
        : m_text(text), m_errors(errors), m_functions(namesOf(workspace.functions)),
          m_stores(namesOf(workspace.stores))
    { }
    void function(const std::string& name, const std::string& pointer)
    {
        check("function", m_functions, name, pointer);
    }
    void store(const std::string& name, const std::string& pointer)
    {
        check("store", m_stores, name, pointer);
    }

private:
    void check(const std::string& kind, const std::vector<std::string>& known,
               const std::string& name, const std::string& pointer)
    {
        if (name.empty() || std::ranges::find(known, name) != known.end())
            return; // an empty name was recorded when it was read
        std::string hint = fmt::format("the {}s are {}", kind, listOfNames(known));
        if (known.empty())
            hint = fmt::format("add it under \"{}s\"", kind);
        else if (const std::optional<std::string> meant = suggestFor(name, known))
            hint = fmt::format("did you mean \"{}\"? {}", *meant, hint);
        m_errors.push_back(errorAt(m_text, pointer, false, Error::Code::Missing,
                                   fmt::format("there is no {} \"{}\"", kind, name),
                                   std::move(hint)));
    }
    const JsonText& m_text;
    Errors& m_errors;
    std::vector<std::string> m_functions, m_stores;
};

void checkDestination(NameCheck& names, const std::optional<Destination>& destination,
                      const std::string& pointer)
{
    if (!destination)
        return;
    if (const std::string* store = storeOf(*destination))
        names.store(*store, pointer + "/store");
    else if (const auto* next = std::get_if<FunctionDestination>(&*destination))
        names.function(next->function, pointer + "/function");
}

} // namespace

void checkNames(const Workspace& workspace, const JsonText& text, Errors& errors)
{
    NameCheck names(workspace, text, errors);
    for (const Function& function : workspace.functions) {
        const std::string pointer = childPointer("/functions", function.name);
        checkDestination(names, function.onSuccess, pointer + "/onSuccess");
        checkDestination(names, function.onFailure, pointer + "/onFailure");
    }
    for (const Trigger& trigger : workspace.triggers) {
        const std::string pointer = childPointer("/triggers", trigger.name);
        names.function(trigger.function, pointer + "/function");
        if (const auto* file = std::get_if<FileTrigger>(&trigger.kind))
            names.store(file->store, pointer + "/store");
        else if (const auto* queue = std::get_if<QueueTrigger>(&trigger.kind))
            names.store(queue->store, pointer + "/store");
        else if (const auto* changes = std::get_if<ChangesTrigger>(&trigger.kind))
            names.store(changes->store, pointer + "/store");
    }
    for (const Store& store : workspace.stores)
        if (const auto* queue = std::get_if<QueueStore>(&store.kind))
            names.store(queue->deadLetters, childPointer("/stores", store.name) + "/deadLetters");
}

void checkRoutes(const Workspace& workspace, const JsonText& text, Errors& errors)
{
    const auto& triggers = workspace.triggers;
    for (std::size_t later = 0; later < triggers.size(); ++later) {
        const auto* second = std::get_if<HttpTrigger>(&triggers[later].kind);
        for (std::size_t earlier = 0; second && earlier < later; ++earlier) {
            const auto* first = std::get_if<HttpTrigger>(&triggers[earlier].kind);
            if (!first || first->port != second->port || !first->route.sameAs(second->route))
                continue;
            const std::string pointer = childPointer("/triggers", triggers[later].name);
            const bool written = second->route.key != "$default";
            errors.push_back(errorAt(text, written ? pointer + "/route" : pointer, !written,
                                     Error::Code::Duplicate,
                                     fmt::format("the trigger \"{}\" takes the same requests, {}",
                                                 triggers[earlier].name, first->route.key),
                                     "give one of them another route or another port"));
            break;
        }
    }
}

void checkStoreVariables(const Workspace& workspace, const JsonText& text, Errors& errors)
{
    std::map<std::string, std::string> taken;
    for (const Store& store : workspace.stores) {
        const std::string variable = storeVariable(store.name);
        const auto [first, isNew] = taken.emplace(variable, store.name);
        if (!isNew)
            errors.push_back(
                errorAt(text, childPointer("/stores", store.name), true, Error::Code::Duplicate,
                        fmt::format("the stores \"{}\" and \"{}\" would share the variable {}",
                                    first->second, store.name, variable),
                        "rename one of them"));
    }
}

void checkConcurrency(const Workspace& workspace, const JsonText& text, Errors& errors)
{
    // Stated here and not taken from the platform file, which is read later than this one.
    const int account = workspace.accountConcurrency > 0 ? workspace.accountConcurrency
                                                         : kDefaultAccountConcurrency;
    int unreserved = account;
    for (const Function& function : workspace.functions)
        unreserved -= std::min(function.reservedConcurrency.value_or(0), account);
    int left = account;
    bool told = false; // once, at the reservation that goes too far
    for (const Function& function : workspace.functions) {
        const std::string pointer = childPointer("/functions", function.name);
        const int reserved = function.reservedConcurrency.value_or(0);
        left -= std::min(reserved, account);
        if (reserved > 0 && left < kUnreservedMinimum && !std::exchange(told, true))
            errors.push_back(
                errorAt(text, pointer + "/reservedConcurrency", false, Error::Code::Conflict,
                        "Specified ReservedConcurrentExecutions for function decreases account's "
                        "UnreservedConcurrentExecution below its minimum value of [100]",
                        fmt::format("the account has {}; lower the reservations, or raise "
                                    "accountConcurrency",
                                    account)));
        const int provisioned = function.provisionedConcurrency;
        if (function.reservedConcurrency && provisioned > reserved)
            errors.push_back(errorAt(
                text, pointer + "/provisionedConcurrency", false, Error::Code::Conflict,
                fmt::format("provisionedConcurrency {} is more than the reservedConcurrency {}",
                            provisioned, reserved),
                "lower it, or raise the reservation"));
        else if (provisioned > 0 && !function.reservedConcurrency
                 && provisioned > unreserved - kUnreservedMinimum)
            errors.push_back(errorAt(
                text, pointer + "/provisionedConcurrency", false, Error::Code::Conflict,
                fmt::format("provisionedConcurrency {} is more than the {} that are neither "
                            "reserved nor kept unreserved",
                            provisioned, std::max(0, unreserved - kUnreservedMinimum)),
                "lower it, or raise accountConcurrency"));
    }
}

} // namespace coldframe::detail
