#include "session/api_server.h"

#include <utility> // before Asio: Boost 1.74 uses std::exchange without including it

#include <fmt/format.h>

#include "interop/invoke_api.h"
#include "interop/invoke_errors.h"
#include "live/error_documents.h"
#include "model/workspace_limits.h"
#include "session/request_ids.h"
#include "session/run.h"
#include "session/store_accounts.h"

namespace coldframe::session {

namespace {

constexpr int kRetryAfterS = 1; ///< when nothing says how long a limit holds

/// START … REPORT of an ended attempt.
std::string logTail(const live::Ending& ending)
{
    const engine::Meter& meter = *ending.meter;
    return live::logText({.requestId = ending.event->requestId,
                          .output = ending.report->log,
                          .outputDropped = ending.report->logBytesDropped,
                          .outcome = meter.outcome,
                          .errorType = ending.report->errorType,
                          .platform = meter.platform,
                          .billed = meter.billed,
                          .init = meter.init,
                          .cold = meter.cold,
                          .memoryMb = meter.memoryMb,
                          .peakMemoryKb = meter.peakMemoryKb});
}

interop::ApiError errorOf(const engine::Reason& reason)
{
    using engine::Why;
    switch (reason.why) {
    case Why::ThrottledReserved:
    case Why::ThrottledOff:
        return interop::throttled(interop::Throttle::Reserved, kRetryAfterS);
    case Why::ThrottledScaleUp:
        return interop::throttled(interop::Throttle::ScaleUp,
                                  std::max(1, static_cast<int>((reason.b + 999) / 1000)));
    default:
        return interop::throttled(interop::Throttle::Account, kRetryAfterS);
    }
}

void answer(interop::InvokeReply& reply, const live::Ending& ending)
{
    if (ending.accepted)
        return reply.accepted();
    if (ending.reject && ending.reject->reason.why != engine::Why::CancelledByUser)
        return reply.error(errorOf(ending.reject->reason));
    if (!ending.meter) { // cancelled before it began
        const auto document = live::cancelled(ending.event->requestId);
        return reply.result(std::make_shared<const std::string>(document.json), true);
    }
    const bool failed = ending.meter->outcome != engine::Outcome::Succeeded;
    reply.result(ending.report->payload, failed,
                 reply.wantsLog() ? logTail(ending) : std::string());
}

/// Why the run did not take an event, for a caller far from the window.
interop::ApiError errorOf(const Error& refused, std::size_t bytes, bool async, std::size_t limit)
{
    if (refused.code == Error::Code::LimitReached)
        return interop::payloadTooLarge(bytes, async, limit);
    return interop::accessDenied(describe(refused));
}

} // namespace

class ApiServer::Backend final : public interop::InvokeBackend {
public:
    explicit Backend(Run& run) : m_run(run) { }

    Result<std::uint16_t> listen(std::uint16_t port)
    {
        auto api = interop::InvokeApi::listen(m_run.io(), port, *this);
        if (!api)
            return tl::unexpected(api.error());
        m_api = std::move(*api);
        return m_api->port();
    }

    void close()
    {
        if (m_api)
            m_api->close();
    }

private:
    interop::InvokeLimits limits() const override
    {
        const engine::Platform& platform = m_run.driver().engine().configuration().platform;
        return {platform.maxSyncBytes, platform.maxAsyncBytes};
    }

    FunctionId find(std::string_view name) const override
    {
        const auto workspace = m_run.workspace();
        const FunctionId function = workspace->functionId(std::string(name));
        if (function == kNoFunction || workspace->functions[function].removed)
            return kNoFunction;
        return function;
    }

    std::vector<interop::FunctionInfo> functions() const override
    {
        const auto workspace = m_run.workspace();
        std::vector<interop::FunctionInfo> all;
        for (std::size_t i = 0; i < workspace->functions.size(); ++i) {
            const Function& function = workspace->functions[i];
            if (function.removed)
                continue;
            const bool named = !function.handler.empty() || function.command.empty();
            all.push_back({.id = static_cast<FunctionId>(i),
                           .name = function.name,
                           .runtime = std::string(nameOf(function.runtime)),
                           .handler = named ? function.handler : function.command.front(),
                           .timeoutMs = function.timeoutMs,
                           .memoryMb = function.memoryMb});
        }
        return all;
    }

    std::string newRequestId() override { return m_requestIds.next(); }

    void invoke(interop::InvokeCall call, interop::InvokeReply reply) override
    {
        if (call.async && m_run.congested())
            return reply.error(interop::throttled(interop::Throttle::Caller, kRetryAfterS));
        const std::uint32_t hops = hopsOf(call);
        if (hops >= static_cast<std::uint32_t>(kMaxHops))
            return stopChain(call, reply);
        const std::size_t bytes = call.payload.size();
        const auto pending = std::make_shared<interop::InvokeReply>(std::move(reply));
        live::Event event;
        event.requestId = std::move(call.requestId);
        event.body = std::make_shared<const std::string>(std::move(call.payload));
        event.clientContext = std::move(call.clientContext);
        event.source = "api";
        event.hops = hops;
        event.done = [pending](const live::Ending& ending) { answer(*pending, ending); };
        const auto delivery = call.async ? engine::Delivery::Async : engine::Delivery::Sync;
        if (const auto refused = m_run.submit(call.function, delivery, std::move(event))) {
            const interop::InvokeLimits bounds = limits();
            pending->error(errorOf(*refused, bytes, call.async,
                                   call.async ? bounds.asyncBytes : bounds.syncBytes));
        }
    }

    /// A function that calls another adds a hop to the chain it is part of. Its key tells which
    /// instance it is; one that signs with credentials of the user's own cannot be followed.
    std::uint32_t hopsOf(const interop::InvokeCall& call)
    {
        const auto instance = instanceOf(call.accessKey);
        const live::Event* event = instance ? m_run.driver().servedBy(*instance) : nullptr;
        return event ? event->hops + 1 : 0;
    }

    void stopChain(const interop::InvokeCall& call, interop::InvokeReply& reply)
    {
        m_run.chainStopped(m_run.workspace()->functions[call.function].name);
        reply.error(interop::recursion(kMaxHops));
    }

    Run& m_run;
    RequestIds m_requestIds;
    std::unique_ptr<interop::InvokeApi> m_api;
};

ApiServer::ApiServer(Run& run) : m_backend(std::make_unique<Backend>(run)) { }

ApiServer::~ApiServer() = default;

Result<std::uint16_t> ApiServer::listen(std::uint16_t port)
{
    return m_backend->listen(port);
}

void ApiServer::close()
{
    m_backend->close();
}

} // namespace coldframe::session
