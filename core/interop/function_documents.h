#pragma once

#include <string>
#include <vector>

#include "interop/invoke_backend.h"

// What the API tells about functions: as much as SDKs, waiters and tools need to find and call one.
namespace coldframe::interop {

/// The answer to ListFunctions.
std::string functionList(const std::vector<FunctionInfo>& functions);
/// The answer to GetFunctionConfiguration.
std::string functionConfiguration(const FunctionInfo& function);
/// The answer to GetFunction.
std::string functionDocument(const FunctionInfo& function);

} // namespace coldframe::interop
