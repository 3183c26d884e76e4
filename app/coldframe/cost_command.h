#pragma once

#include <filesystem>
#include <functional>

#include "exit_code.h"

namespace CLI {
class App;
}

namespace coldframe::commands {

struct CostOptions {
    std::filesystem::path examples; ///< worked examples, to be priced beside what they say
    bool json = false;
};

/// Prices worked examples with the books in resources/prices. Exit codes: 0 all that have a
/// published total agree with it, 1 some do not, 2 the file or one of its examples is wrong.
ExitCode cost(const CostOptions& options);

void addCost(CLI::App& app, std::function<ExitCode()>& chosen);

} // namespace coldframe::commands
