#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/time.h"
#include "sources/event_text.h"

namespace coldframe::sources {

/// A received message, as events of queues show it.
struct QueueRecord {
    std::string_view messageId, body;
    std::string_view attributes; ///< JSON object in the form of events; empty: none
    std::string_view bodyMd5; ///< hex
    std::string receiptHandle;
    std::string_view queue; ///< its name
    std::uint32_t receives = 1; ///< with this one
    TimePoint sentAt{}, firstReceivedAt{};
    // Of FIFO queues:
    bool fifo = false;
    std::string_view group, deduplication;
    std::uint64_t sequence = 0;
    std::string_view deadLetterSource; ///< the queue it was given up in; empty: none
};

inline constexpr const char* kQueueSender = "AIDACOLDFRAME"; ///< `SenderId` of all messages

/// "arn:aws:sqs:us-east-1:000000000000:parts"; of a FIFO queue with ".fifo" at its end
std::string queueArn(std::string_view queue, bool fifo, const EventOrigin& origin = {});
/// 20 digits that compare as text in the order of sending.
std::string queueSequence(std::uint64_t sequence);

/// `{"Records": […]}` as Lambda hands over a batch of messages.
/// Source: AWS Lambda developer guide, "Using Lambda with Amazon SQS", read 2026-11.
std::string queueEvent(std::span<const QueueRecord> records, const EventOrigin& origin = {});

/// How many bytes a record takes in an event, with the comma after it, or a few more: numbers count
/// at their longest, and what they show need not be filled in.
std::size_t queueRecordBytes(const QueueRecord& record);
/// Around the records: `{"Records":[]}`.
inline constexpr std::size_t kAroundQueueRecords = 14;

} // namespace coldframe::sources
