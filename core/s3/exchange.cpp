#include "s3/exchange.h"

namespace coldframe::s3 {

Exchange::Exchange(std::shared_ptr<Core> core, http::Responder responder, Call call)
    : m_core(std::move(core)), m_responder(std::move(responder)),
      m_call(std::make_shared<const Call>(std::move(call))), m_begun(m_core->options.now())
{ }

Exchange::~Exchange()
{
    done(0, 0);
}

void Exchange::answer(Outcome outcome)
{
    const Reply reply = outcome ? std::move(*outcome) : replyOf(outcome.error(), *m_call);
    if (m_call->operation == Operation::HeadObject && outcome) {
        begin(reply, reply.bytes);
        return;
    }
    const bool waited = m_responder.connected();
    m_responder.respond(reply.status, commonHeaders(*m_call) + reply.headers, reply.body);
    done(waited ? reply.status : 0, reply.bytes);
}

bool Exchange::begin(const Reply& head, std::uint64_t length)
{
    if (!m_responder.begin(head.status, commonHeaders(*m_call) + head.headers, length))
        return false;
    done(head.status, 0);
    return true;
}

void Exchange::done(int status, std::uint64_t bytes)
{
    if (std::exchange(m_told, true) || m_core->closed || !m_core->options.finished)
        return;
    m_core->options.finished({.accessKey = m_call->accessKey,
                              .bucket = m_call->bucket,
                              .key = m_call->key,
                              .operation = m_call->operation,
                              .bytes = bytes,
                              .status = status,
                              .begun = m_begun,
                              .ended = m_core->options.now()});
}

} // namespace coldframe::s3
