#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "exit_code.h"

namespace CLI {
class App;
}

namespace coldframe::commands {

struct SimulateOptions {
    std::filesystem::path scenario;
    std::vector<std::string> settings; ///< PATH=VALUE
    std::vector<std::string> sweeps; ///< PATH=A,B,C or PATH=FROM..TO/COUNT
    std::filesystem::path csv, seriesCsv;
    unsigned threads = 0; ///< 0: all
    bool json = false;
    bool yes = false; ///< also a sweep of very many points
};

/// Simulates a scenario in virtual time.
ExitCode simulate(const SimulateOptions& options);

void addSimulate(CLI::App& command, SimulateOptions& options);

} // namespace coldframe::commands
