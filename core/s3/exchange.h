#pragma once

#include <memory>

#include "http/responder.h"
#include "s3/core.h"
#include "s3/reply.h"

namespace coldframe::s3 {

/// One request on its way to its answer. On the thread of the io_context; whoever works on it
/// holds it, and when nobody does any more it is reported as cut off.
class Exchange {
public:
    Exchange(std::shared_ptr<Core> core, http::Responder responder, Call call);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    Core& core() { return *m_core; }
    /// Never changes, so that other threads may read it.
    const std::shared_ptr<const Call>& call() const { return m_call; }
    http::Responder& responder() { return m_responder; }

    void answer(Outcome outcome);
    void refuse(const S3Error& error) { answer(tl::unexpected(error)); }
    /// Begins an answer of `length` bytes that are written to the responder; done() ends it.
    /// True when no bytes are wanted: then it has ended.
    bool begin(const Reply& head, std::uint64_t length);
    void done(int status, std::uint64_t bytes);

private:
    std::shared_ptr<Core> m_core;
    http::Responder m_responder;
    std::shared_ptr<const Call> m_call;
    TimePoint m_begun;
    bool m_told = false;
};

} // namespace coldframe::s3
