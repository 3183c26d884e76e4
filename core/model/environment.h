#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "model/error.h"
#include "model/variable_references.h"
#include "model/workspace.h"

namespace coldframe {

/// What an instance's environment depends on beside the workspace. All of it is handed in, so
/// that building an environment reads nothing from the system.
struct EnvironmentContext {
    std::string runtimeApi; ///< "127.0.0.1:41234", of this instance; empty for `command`
    std::filesystem::path temporaryFolder; ///< of this instance; also its HOME
    std::filesystem::path runtimeFolder; ///< where the shipped runtime clients lie
    std::string logStream; ///< "2026/11/23/[$LATEST]0123…", of this instance
    std::string runtimeVersion; ///< of the interpreter: "3.11" or "18"; empty when not known
    bool provisioned = false;
    /// Stands for this instance at the stores' endpoint; opens nothing elsewhere.
    std::string accessKey = "COLDFRAMEDUMMYKEY";
    /// Where the stores answer as S3, the functions as Lambda and the queues as SQS:
    /// "http://127.0.0.1:41235". Empty: nowhere.
    std::string s3Endpoint, lambdaEndpoint, sqsEndpoint;
    std::string path; ///< the caller's PATH; empty: the system's folders
    VariableLookup lookup; ///< answers `${env:NAME}`
    /// The caller's own variables; looked at only for a function with `inheritAws`.
    std::map<std::string, std::string> callerVariables;
};

/// The whole environment of an instance, "NAME=VALUE", sorted by name. Nothing else is inherited.
///
/// Later layers win: defaults the platform lets a function change (LANG, PATH, TZ, HOME …), the
/// function's own variables, credentials, then what the platform reserves.
/// Errors: a `${env:NAME}` that is not set (Missing); variables over 4 KB once expanded.
/// Source: docs.aws.amazon.com/lambda/latest/dg/configuration-envvars, read 2026-11.
Result<std::vector<std::string>> functionEnvironment(const Workspace& workspace,
                                                     const Function& function,
                                                     const EnvironmentContext& context);

/// Everything that keeps functionEnvironment() from filling in the function's own variables, and
/// variables that its destinations lack.
std::vector<Error> environmentProblems(const Workspace& workspace, const Function& function,
                                       const VariableLookup& lookup);

/// The variable that tells functions where a store is: "COLDFRAME_STORE_MY_UPLOADS".
std::string storeVariable(const std::string& storeName);

/// The variables an instance gets whose values are secrets: those made from `${env:NAME}`.
/// For masking in recordings, reports and *Copy as command*.
std::vector<std::string> secretVariables(const Function& function);

} // namespace coldframe
