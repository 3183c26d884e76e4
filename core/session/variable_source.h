#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "model/error.h"

namespace coldframe::session {

/// What `${env:NAME}` stands for: `secrets.env` beside the workspace file says it, else the shell
/// that started the program.
struct VariableSource {
    std::map<std::string, std::string> fromFile, fromCaller;
    std::optional<std::string> operator()(const std::string& name) const;
};

/// The environment of this program.
std::map<std::string, std::string> callerVariables();
/// Errors: secrets.env is there and cannot be read, or is wrong, with its line.
Result<VariableSource> readVariables(const std::filesystem::path& workspaceFolder);

} // namespace coldframe::session
