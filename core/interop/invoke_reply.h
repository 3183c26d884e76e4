#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/responder.h"

namespace coldframe::interop {

struct ApiError;

/// The right to answer one call, once. Harmless when the caller is gone by then.
class InvokeReply {
public:
    InvokeReply(http::Responder responder, std::string requestId, bool wantsLog)
        : m_responder(std::move(responder)), m_requestId(std::move(requestId)), m_wantsLog(wantsLog)
    { }

    /// The caller asked for the end of the log: LogType=Tail.
    bool wantsLog() const { return m_wantsLog; }

    /// 200 with the result. `failed`: it is an error document. `log` is sent only if wanted, and
    /// of it only the last 4 KiB.
    void result(const std::shared_ptr<const std::string>& payload, bool failed,
                std::string_view log = {});
    /// 202: the event will be delivered.
    void accepted();
    /// 204: a dry run would have been let through.
    void dryRun();
    void error(const ApiError& error);

private:
    http::Responder m_responder;
    std::string m_requestId;
    bool m_wantsLog;
};

} // namespace coldframe::interop
