// What a function gets of a queue.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sources/queue_event.h"

using namespace coldframe;
using namespace coldframe::sources;
using nlohmann::json;

namespace {

QueueRecord record()
{
    QueueRecord made;
    made.messageId = "3c5f1f0e-8a55-4a0a-9c55-0d9a6d1f7b21";
    made.body = "{\"order\":17}";
    made.bodyMd5 = "558da6fedadb1d433414e146f8da40b2";
    made.receiptHandle = "cmVjZWlwdC0x";
    made.queue = "orders";
    made.receives = 2;
    made.sentAt = TimePoint(std::chrono::milliseconds(1'772'615'707'412));
    made.firstReceivedAt = TimePoint(std::chrono::milliseconds(1'772'615'707'420));
    return made;
}

TEST(QueueEvent, hasTheShapeOfThePlatform)
{
    QueueRecord made = record();
    made.attributes = R"({"tenant":{"stringValue":"acme","stringListValues":[],
        "binaryListValues":[],"dataType":"String"}})";
    EXPECT_EQ(json::parse(queueEvent({{made}})), json::parse(R"({"Records":[{
        "messageId":"3c5f1f0e-8a55-4a0a-9c55-0d9a6d1f7b21","receiptHandle":"cmVjZWlwdC0x",
        "body":"{\"order\":17}",
        "attributes":{"ApproximateReceiveCount":"2","SentTimestamp":"1772615707412",
          "SenderId":"AIDACOLDFRAME","ApproximateFirstReceiveTimestamp":"1772615707420"},
        "messageAttributes":{"tenant":{"stringValue":"acme","stringListValues":[],
          "binaryListValues":[],"dataType":"String"}},
        "md5OfBody":"558da6fedadb1d433414e146f8da40b2","eventSource":"aws:sqs",
        "eventSourceARN":"arn:aws:sqs:us-east-1:000000000000:orders","awsRegion":"us-east-1"}]})"));
}

TEST(QueueEvent, aRecordTakesNoMoreThanIsCountedAndHardlyLess)
{
    QueueRecord plain = record(), fifo = record(), odd = record();
    fifo.fifo = true, fifo.group = "customer \"7\"", fifo.deduplication = "once";
    fifo.deadLetterSource = "orders", fifo.sequence = ~std::uint64_t{0};
    odd.body = "\"quotes\" \\ and \x01 \n lines, gr\u00fc\u00df";
    odd.attributes = R"({"a":{"stringValue":"b"}})";
    for (const QueueRecord& one : {plain, fifo, odd}) {
        const std::vector<QueueRecord> records(3, one);
        const std::size_t counted = 3 * queueRecordBytes(one) + kAroundQueueRecords;
        const std::size_t made = queueEvent(records).size();
        EXPECT_LE(made, counted);
        EXPECT_LT(counted - made, 3 * 250) << "numbers at their longest, and the keys of FIFO queues";
    }
}

TEST(QueueEvent, ofAFifoQueueTellsGroupIdAndSequence)
{
    QueueRecord made = record();
    made.fifo = true;
    made.group = "customer \"7\"";
    made.deduplication = "once";
    made.sequence = 42;
    made.deadLetterSource = "orders";
    made.queue = "dead";
    const json event = json::parse(queueEvent({{made}}));
    const json& attributes = event.at("Records").at(0).at("attributes");
    EXPECT_EQ(attributes.at("MessageGroupId"), "customer \"7\"");
    EXPECT_EQ(attributes.at("MessageDeduplicationId"), "once");
    EXPECT_EQ(attributes.at("SequenceNumber"), "00000000000000000042");
    EXPECT_EQ(attributes.at("DeadLetterQueueSourceArn"),
              "arn:aws:sqs:us-east-1:000000000000:orders.fifo");
    EXPECT_EQ(event.at("Records").at(0).at("eventSourceARN"),
              "arn:aws:sqs:us-east-1:000000000000:dead.fifo");
}

TEST(QueueEvent, holdsAnyBytes)
{
    QueueRecord made = record();
    const std::string body("\0\x1f\"\\\xff", 5);
    made.body = body;
    const json event = json::parse(queueEvent({{made, record()}}));
    ASSERT_EQ(event.at("Records").size(), 2U);
    EXPECT_EQ(event.at("Records").at(0).at("body").get<std::string>(),
              std::string("\0\x1f\"\\\xef\xbf\xbd", 7));
}

} // namespace
