#include <algorithm>

#include <fmt/format.h>

#include "check/expectation.h"
#include "model/json_reader.h"
#include "model/suggestion.h"

// What an expectation names, looked up in its workspace.
namespace coldframe::check {

namespace {

std::vector<std::string> functionNames(const Workspace& workspace)
{
    std::vector<std::string> names;
    for (const Function& function : workspace.functions)
        if (!function.removed)
            names.push_back(function.name);
    return names;
}

Error unknown(const JsonText& text, const std::string& pointer, bool atKey, const char* kind,
              const std::string& name, const std::vector<std::string>& known)
{
    std::string hint = known.empty() ? fmt::format("this workspace has no {}s", kind)
                                     : fmt::format("this workspace has {}", listOfNames(known));
    if (const auto meant = suggestFor(name, known))
        hint = fmt::format("did you mean \"{}\"?", *meant);
    return errorAt(text, pointer, atKey, Error::Code::Missing,
                   fmt::format("there is no {} \"{}\"", kind, name), std::move(hint));
}

} // namespace

Result<std::string> functionFor(const std::string& eventName, const Expectation* expectation,
                                const Workspace& workspace)
{
    const std::vector<std::string> known = functionNames(workspace);
    const auto has
        = [&](const std::string& name) { return std::ranges::find(known, name) != known.end(); };
    if (expectation && !expectation->function.empty()) {
        if (has(expectation->function))
            return expectation->function;
        return tl::unexpected(unknown(expectation->source, "/function", false, "function",
                                      expectation->function, known));
    }
    for (const std::string& name : {eventName, eventName.substr(0, eventName.find('.'))})
        if (has(name))
            return name;
    if (known.size() == 1)
        return known.front();
    Error error{.code = Error::Code::Missing,
                .message
                = fmt::format("it is not said which function the event \"{}\" is for", eventName),
                .hint = known.empty()
                    ? "this workspace has no functions"
                    : fmt::format("write \"function\"; this workspace has {}", listOfNames(known))};
    if (expectation)
        error = errorAt(expectation->source, "", false, error.code, error.message, error.hint);
    return tl::unexpected(std::move(error));
}

std::vector<Error> unknownStores(const Expectation& expectation, const Workspace& workspace)
{
    std::vector<std::string> known;
    for (const Store& store : workspace.stores)
        known.push_back(store.name);
    std::vector<Error> errors;
    const auto check = [&](const std::string& name, const std::string& pointer, bool atKey) {
        if (std::ranges::find(known, name) == known.end())
            errors.push_back(unknown(expectation.source, pointer, atKey, "store", name, known));
    };
    for (const ExpectedOutput& output : expectation.outputs)
        check(output.store, output.pointer + "/store", false);
    for (const auto& [store, folder] : expectation.given)
        check(store, childPointer("/given", store), true);
    return errors;
}

} // namespace coldframe::check
