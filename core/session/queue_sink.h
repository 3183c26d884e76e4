#pragma once

#include <string>

#include "session/sink.h"

namespace coldframe::session {

/// A store that is a queue: a message a result. A failed event whose payload is sent carries what
/// went wrong as message attributes, as the platform's dead-letter queues have it.
class QueueSink final : public Sink {
public:
    QueueSink(std::string queue, bool fifo, SinkHands hands);

    void write(std::shared_ptr<const Outgoing> outgoing, const Destination& destination,
               Delivered done) override;

private:
    const std::string m_queue;
    const bool m_fifo;
    const SinkHands m_hands;
};

} // namespace coldframe::session
