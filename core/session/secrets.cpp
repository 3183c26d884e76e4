#include "session/secrets.h"

#include "model/secret_mask.h"
#include "session/variable_source.h"

namespace coldframe::session {

std::vector<std::string> secretsOf(const Workspace& workspace, const Function& function)
{
    VariableSource variables;
    if (auto read = readVariables(workspace.folder))
        variables = std::move(*read);
    else
        variables.fromCaller = callerVariables();
    std::vector<std::string> values;
    // Either may have been in force: both are secrets.
    for (const auto* known : {&variables.fromFile, &variables.fromCaller})
        for (std::string& value :
             secretValues(function, [known](const std::string& name) -> std::optional<std::string> {
                 const auto found = known->find(name);
                 return found == known->end() ? std::nullopt : std::optional(found->second);
             }))
            values.push_back(std::move(value));
    return values;
}

} // namespace coldframe::session
