#include "session/variable_source.h"

#include "model/variable_references.h"
#include "session/resources.h"

extern char** environ;

namespace coldframe::session {

std::map<std::string, std::string> callerVariables()
{
    std::map<std::string, std::string> all;
    for (char** entry = environ; *entry; ++entry) {
        const std::string text = *entry;
        const std::size_t equals = text.find('=');
        if (equals != std::string::npos)
            all[text.substr(0, equals)] = text.substr(equals + 1);
    }
    return all;
}

std::optional<std::string> VariableSource::operator()(const std::string& name) const
{
    if (const auto it = fromFile.find(name); it != fromFile.end())
        return it->second;
    if (const auto it = fromCaller.find(name); it != fromCaller.end())
        return it->second;
    return std::nullopt;
}

Result<VariableSource> readVariables(const std::filesystem::path& workspaceFolder)
{
    VariableSource variables;
    variables.fromCaller = callerVariables();
    const std::filesystem::path file = workspaceFolder / "secrets.env";
    if (std::error_code ignored; !std::filesystem::exists(file, ignored))
        return variables;
    auto text = readText(file);
    if (!text)
        return tl::unexpected(text.error());
    auto read = parseSecrets(*text, file.string());
    if (!read)
        return tl::unexpected(read.error());
    variables.fromFile = std::move(*read);
    return variables;
}

} // namespace coldframe::session
