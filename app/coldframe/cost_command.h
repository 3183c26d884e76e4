#pragma once

#include <filesystem>
#include <functional>

#include "exit_code.h"

namespace CLI {
class App;
}

namespace coldframe::commands {

struct CostOptions {
    std::filesystem::path recording; ///< or a workspace: its newest one
    std::filesystem::path examples; ///< instead: worked examples, priced beside what they say
    bool freeTier = false; ///< of a recording, as if nothing else ran that month
    bool json = false;
};

/// What a recording costs and who spent it, by the price book in it; or worked examples, by the books
/// in resources/prices. Exit codes: 0 success, 1 an example differs from what is published, 2 the
/// file or an example is wrong.
ExitCode cost(const CostOptions& options);

void addCost(CLI::App& app, std::function<ExitCode()>& chosen);

} // namespace coldframe::commands
