#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "http/request.h"
#include "interop/function_name.h"
#include "interop/invoke_backend.h"
#include "interop/invoke_errors.h"
#include "interop/invoke_route.h"

namespace coldframe::interop {

enum class InvocationType { RequestResponse, Event, DryRun };

/// What the head of an Invoke request asks for, checked.
struct InvokeRequest {
    FunctionId function = kNoFunction;
    InvocationType type = InvocationType::RequestResponse;
    bool tail = false;
    std::string clientContext; ///< decoded JSON, on one line
};

/// Reads the head. The error is what to answer instead.
tl::expected<InvokeRequest, ApiError> readInvokeRequest(const http::Request& request,
                                                        const InvokeRoute& route,
                                                        const InvokeBackend& backend);

/// The function a path names, with the qualifier of path or query. $LATEST is the only one there
/// is. The error is what to answer instead.
tl::expected<FunctionId, ApiError> findFunction(const InvokeRoute& route,
                                                const InvokeBackend& backend);

/// Checks size and syntax; an empty payload becomes "{}". Returns what is wrong.
std::optional<ApiError> checkPayload(std::string& payload, bool async, const InvokeLimits& limits);

} // namespace coldframe::interop
