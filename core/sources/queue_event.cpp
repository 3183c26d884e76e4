#include "sources/queue_event.h"

#include <limits>

#include <fmt/format.h>

namespace coldframe::sources {

namespace {

std::string stampText(TimePoint time)
{
    return fmt::format("\"{}\"", time.time_since_epoch() / std::chrono::milliseconds(1));
}

/// Written by hand: a batch may hold 10,000 records and megabytes.
void addRecord(std::string& out, const QueueRecord& record, const EventOrigin& origin)
{
    out += R"({"messageId":)" + jsonString(record.messageId);
    out += R"(,"receiptHandle":)" + jsonString(record.receiptHandle);
    out += R"(,"body":)" + jsonString(record.body);
    out += fmt::format(R"(,"attributes":{{"ApproximateReceiveCount":"{}","SentTimestamp":{})",
                       record.receives, stampText(record.sentAt));
    if (record.fifo) {
        out += R"(,"SequenceNumber":")" + queueSequence(record.sequence) + '"';
        out += R"(,"MessageGroupId":)" + jsonString(record.group);
    }
    out += fmt::format(R"(,"SenderId":"{}")", kQueueSender);
    if (record.fifo)
        out += R"(,"MessageDeduplicationId":)" + jsonString(record.deduplication);
    out += R"(,"ApproximateFirstReceiveTimestamp":)" + stampText(record.firstReceivedAt);
    if (!record.deadLetterSource.empty())
        out += R"(,"DeadLetterQueueSourceArn":)"
            + jsonString(queueArn(record.deadLetterSource, record.fifo, origin));
    out += R"(},"messageAttributes":)";
    out += record.attributes.empty() ? "{}" : record.attributes;
    out += R"(,"md5OfBody":)" + jsonString(record.bodyMd5);
    out += R"(,"eventSource":"aws:sqs","eventSourceARN":)"
        + jsonString(queueArn(record.queue, record.fifo, origin));
    out += R"(,"awsRegion":)" + jsonString(origin.region) + '}';
}

/// In a JSON string, without its quotes.
std::size_t escapedBytes(std::string_view text)
{
    std::size_t more = 0;
    for (const char c : text)
        more += c == '"' || c == '\\' ? 1 : static_cast<unsigned char>(c) < 0x20 ? 5 : 0;
    return text.size() + more;
}

/// Of a record of a FIFO queue that holds nothing, at its longest.
std::size_t emptyRecordBytes()
{
    QueueRecord longest{.receives = std::numeric_limits<std::uint32_t>::max(), .fifo = true};
    longest.sentAt = longest.firstReceivedAt = TimePoint::max();
    std::string text;
    addRecord(text, longest, {});
    return text.size() + 1;
}

} // namespace

std::size_t queueRecordBytes(const QueueRecord& record)
{
    static const std::size_t kEmpty = emptyRecordBytes();
    constexpr std::size_t kMd5 = 32;
    const std::size_t source = record.deadLetterSource.empty()
        ? 0
        : queueArn(record.deadLetterSource, true).size()
            + std::string_view(R"(,"DeadLetterQueueSourceArn":"")").size();
    return kEmpty + record.messageId.size() + record.receiptHandle.size()
        + escapedBytes(record.body) + record.attributes.size() + kMd5 + record.queue.size()
        + escapedBytes(record.group) + escapedBytes(record.deduplication) + source;
}

std::string queueArn(std::string_view queue, bool fifo, const EventOrigin& origin)
{
    return fmt::format("arn:aws:sqs:{}:{}:{}{}", origin.region, origin.account, queue,
                       fifo ? ".fifo" : "");
}

std::string queueSequence(std::uint64_t sequence)
{
    return fmt::format("{:020}", sequence);
}

std::string queueEvent(std::span<const QueueRecord> records, const EventOrigin& origin)
{
    std::string out = R"({"Records":[)";
    for (const QueueRecord& record : records) {
        if (&record != records.data())
            out += ',';
        addRecord(out, record, origin);
    }
    return out + "]}";
}

} // namespace coldframe::sources
