#include "session/queue_sink.h"

#include <nlohmann/json.hpp>

#include "session/message_draft.h"

namespace coldframe::session {

namespace {

using nlohmann::json;

json attributeOf(const char* type, const std::string& value)
{
    return {{"stringValue", value},
            {"stringListValues", json::array()},
            {"binaryListValues", json::array()},
            {"dataType", type}};
}

/// Source: AWS Lambda developer guide, "Capturing records of Lambda asynchronous invocations",
/// dead-letter queues, read 2026-11. The message is the first KB of what went wrong.
std::string failureAttributes(const Outgoing& outgoing)
{
    const json document = outgoing.result ? json::parse(*outgoing.result, nullptr, false) : json();
    std::string message = outgoing.condition;
    if (document.is_object() && document.contains("errorMessage")
        && document["errorMessage"].is_string())
        message = document["errorMessage"].get<std::string>();
    message.resize(std::min<std::size_t>(message.size(), 1024));
    const json attributes
        = {{"RequestID", attributeOf("String", outgoing.requestId)},
           {"ErrorCode", attributeOf("Number", outgoing.result ? "200" : "429")},
           {"ErrorMessage", attributeOf("String", message.empty() ? "none" : message)}};
    return attributes.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

QueueSink::QueueSink(std::string queue, bool fifo, SinkHands hands)
    : m_queue(std::move(queue)), m_fifo(fifo), m_hands(std::move(hands))
{ }

void QueueSink::write(std::shared_ptr<const Outgoing> outgoing, const Destination& destination,
                      Delivered done)
{
    const auto& to = std::get<StoreDestination>(destination);
    MessageDraft draft{.queue = m_queue,
                       .body = contentOf(*outgoing, to.content),
                       .sender = outgoing->function,
                       .hops = outgoing->hops};
    if (!outgoing->succeeded && to.content == Content::Payload)
        draft.attributes = failureAttributes(*outgoing);
    if (m_fifo) {
        draft.group = groupOf(*outgoing, to);
        draft.deduplication = outgoing->requestId; // an event's result that comes again does no harm
    }
    m_hands.send(std::move(draft), [done = std::move(done)](const MessageReceipt& receipt) {
        const bool passes = receipt.refused && receipt.refused->code == Error::Code::Unavailable;
        done(receipt.refused ? std::optional(Trouble{*receipt.refused, !passes}) : std::nullopt);
    });
}

} // namespace coldframe::session
