#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cost/price_book.h"
#include "engine/configuration.h"
#include "live/host.h"
#include "model/workspace.h"

namespace coldframe::session {

/// What a workspace becomes before it runs: rules for the engine, settings for processes, prices.
struct Plan {
    engine::Configuration configuration;
    std::vector<std::shared_ptr<const live::HostSettings>> hosts; ///< by FunctionId
    std::string platformText, pricesText; ///< as read, for the recording
    cost::PriceBook prices;
    cost::Architecture architecture = cost::Architecture::X86_64;
    std::vector<std::vector<std::string>> secrets; ///< by FunctionId; masked in what is kept
    std::vector<Error> problems; ///< of single functions; the others run
};

struct PlanContext {
    std::filesystem::path resources;
    std::filesystem::path temporaryRoot; ///< instances' folders go here
    std::optional<Fidelity> fidelity; ///< instead of the workspace's
    /// Addresses for functions: "http://127.0.0.1:…"
    std::string s3Endpoint, lambdaEndpoint, sqsEndpoint;
    bool trusted = true; ///< false: nothing of the workspace's can be started by this plan
};

/// What whoever wants to run an untrusted workspace is told.
inline constexpr const char* kNotTrusted = "this folder's code has not been allowed to run yet";

/// Reads platform and prices, finds interpreters, builds environments. Blocks; may run an
/// interpreter once to see behind a version manager's shim. Call it off the live thread while
/// functions run.
Result<Plan> makePlan(const Workspace& workspace, const PlanContext& context);

/// The new workspace with every function at the place it had before; functions that are gone stay
/// as removed ones, so that FunctionIds and recorded rows keep their meaning.
Workspace keepPlaces(Workspace fresh, const Workspace& before);

} // namespace coldframe::session
