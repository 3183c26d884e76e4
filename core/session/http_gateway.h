#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "gateway/route_table.h"
#include "http/request.h"
#include "http/responder.h"
#include "http/server.h"
#include "model/workspace.h"
#include "session/request_ids.h"

namespace coldframe::session {

class Run;

/// The HTTP side of a run's triggers: ports on 127.0.0.1, each with the routes of the triggers that
/// share it. Calls functions synchronously and answers with what they return. On the live thread.
class HttpGateway {
public:
    explicit HttpGateway(Run& run);
    ~HttpGateway();
    HttpGateway(const HttpGateway&) = delete;
    HttpGateway& operator=(const HttpGateway&) = delete;

    /// Told why a function's result could not be made an answer.
    using Problem = std::function<void(const std::string&)>;
    /// Takes the trigger's requests from now on; returns the port. Errors: Unavailable for a taken
    /// or forbidden port, LimitReached, Io.
    Result<std::uint16_t> open(const Trigger& trigger, const HttpTrigger& settings,
                               Problem problem);
    /// Requests are refused from now on; those under way get their answers unless it was the port's
    /// last trigger.
    void close(const std::string& trigger);

private:
    struct Served {
        Trigger trigger;
        HttpTrigger settings;
        Problem problem;
    };
    struct Port {
        std::unique_ptr<http::Server> server;
        gateway::RouteTable routes;
        std::map<std::string, Served, std::less<>> triggers;
    };
    struct Call;
    void handle(int port, http::Request&& request, http::Responder responder);
    void invoke(const Served& served, const gateway::RouteMatch& match, http::Request&& request,
                http::Responder responder);

    Run& m_run;
    RequestIds m_requestIds;
    std::map<int, Port> m_ports; ///< by the number in the workspace; 0: any free one
};

} // namespace coldframe::session
