#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "session/bring.h"

namespace coldframe::commands {

/// What `init` found, wrote and advises, for people: a line each.
std::string initText(const session::BringPlan& plan,
                     const std::vector<std::filesystem::path>& written);
/// The same as one line of JSON.
std::string initJson(const session::BringPlan& plan,
                     const std::vector<std::filesystem::path>& written);

} // namespace coldframe::commands
