#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "exit_code.h"

namespace CLI {
class App;
}

namespace coldframe::commands {

struct ReplayOptions {
    std::filesystem::path recording; ///< or a workspace: its newest one
    std::vector<std::string> settings; ///< "PATH=VALUE"
    std::filesystem::path csv; ///< empty: none is written
    bool json = false;
};
/// Says whether a recording comes out as it was, or what another setting would have made of it.
ExitCode replay(const ReplayOptions& options);

/// Adds the command to the program's; `chosen` becomes what is to be done when it is the one.
void addReplay(CLI::App& program, std::function<ExitCode()>& chosen);

} // namespace coldframe::commands
