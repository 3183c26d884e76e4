#pragma once

#include <functional>
#include <string>
#include <utility> // before Asio: Boost 1.74 uses std::exchange without including it

#include <nlohmann/json_fwd.hpp>

#include "http/responder.h"
#include "sqs/call.h"

namespace coldframe::sqs {

/// One request on its way to its answer. Dropped without one it closes the connection.
class Exchange {
public:
    Exchange(Call read, std::string requestId, http::Responder responder)
        : call(std::move(read)), m_requestId(std::move(requestId)),
          m_responder(std::move(responder))
    { }

    const Call call;
    void answer(const nlohmann::ordered_json& result) { send(replyOf(call, result, m_requestId)); }
    void refuse(const SqsError& error) { send(replyOf(call.protocol, error, m_requestId)); }
    void onGone(std::function<void()> gone) { m_responder.onGone(std::move(gone)); }

private:
    void send(const Reply& reply) { m_responder.respond(reply.status, reply.headers, reply.body); }

    std::string m_requestId;
    http::Responder m_responder;
};

} // namespace coldframe::sqs
