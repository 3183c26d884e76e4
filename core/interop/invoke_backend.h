#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "interop/invoke_reply.h"
#include "model/ids.h"

namespace coldframe::interop {

/// Which limit a refused call has met.
enum class Throttle {
    Reserved, ///< the function's reserved concurrency
    Account, ///< the account's concurrency
    ScaleUp, ///< new instances come at a limited rate
    Caller, ///< this machine takes no more for now
};

struct InvokeLimits {
    std::size_t syncBytes = 6U << 20U; ///< payload of a RequestResponse call
    std::size_t asyncBytes = 1U << 20U; ///< payload of an Event call
};

/// What the API tells of a function.
struct FunctionInfo {
    FunctionId id = kNoFunction;
    std::string name;
    std::string runtime;
    std::string handler;
    int timeoutMs = 0;
    int memoryMb = 0;
};

/// One call that has passed all checks.
struct InvokeCall {
    FunctionId function = kNoFunction;
    bool async = false; ///< Event: answer as soon as the event cannot be lost
    std::string requestId;
    std::string payload; ///< JSON; "{}" when the caller sent nothing
    std::string clientContext; ///< JSON on one line, or empty; of synchronous calls only
    std::string accessKey; ///< with which the caller signed; empty when it did not
};

/// Who runs the calls. Every function is called on the thread of the io_context.
class InvokeBackend {
public:
    virtual ~InvokeBackend() = default;
    virtual InvokeLimits limits() const = 0;
    virtual FunctionId find(std::string_view name) const = 0; ///< kNoFunction when there is none
    virtual std::vector<FunctionInfo> functions() const = 0;
    virtual std::string newRequestId() = 0; ///< UUID as text
    /// Answers through `reply`, now or later. Dropping it closes the caller's connection.
    virtual void invoke(InvokeCall call, InvokeReply reply) = 0;
};

} // namespace coldframe::interop
