#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "exit_code.h"
#include "model/error.h"
#include "model/fidelity.h"
#include "model/time.h"

namespace CLI {
class App;
}

namespace coldframe::commands {

struct ProbeOptions {
    std::filesystem::path workspace = ".";
    std::string function;
    std::string event; ///< a file, "-" for standard input, empty for `{}`
    std::vector<std::uint32_t> levels{1, 2, 4, 8, 16}; ///< ascending, each once
    Duration length = std::chrono::seconds(3); ///< of each level
    std::optional<Fidelity> fidelity;
    int deskSlots = 0;
    std::filesystem::path csv, scenario; ///< empty: none is written
    bool json = false;
};

/// Reads "1,2,4,8": whole numbers from 1 to 1,000, at most 50 of them, in any order.
Result<std::vector<std::uint32_t>> parseLevels(std::string_view text);

/// Runs a function at each concurrency, fits what its instances share, and says where more
/// concurrency only waits.
ExitCode probe(const ProbeOptions& options);

/// Adds the command to the program's; `chosen` becomes what is to be done when it is the one.
void addProbe(CLI::App& program, std::function<ExitCode()>& chosen);

} // namespace coldframe::commands
