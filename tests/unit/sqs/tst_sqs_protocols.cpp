// Requests of both protocols, from their bytes to those of the answer.

#include <gmock/gmock.h>

#include "sqs_server.h"

using namespace coldframe::sqs;
using namespace coldframe::sqs::test;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// The text of the first element of this name.
std::string textOf(const std::string& xml, const std::string& name)
{
    const std::size_t at = xml.find('<' + name + '>');
    if (at == std::string::npos)
        return {};
    const std::size_t begin = at + name.size() + 2;
    return xml.substr(begin, xml.find('<', begin) - begin);
}

TEST(SqsProtocols, aMessageInJson)
{
    SqsServer server;
    const Answer sent = server.ask(
        "SendMessage",
        {{"MessageBody", "grüße € 😀"},
         {"MessageAttributes", {{"Foo", {{"DataType", "String"}, {"StringValue", "Bar"}}}}}},
        "Authorization: AWS4-HMAC-SHA256 Credential=KEY/20260304/x\r\n");
    EXPECT_EQ(sent.status, 200);
    EXPECT_TRUE(sent.has("Content-Type: application/x-amz-json-1.0")) << sent.head;
    EXPECT_TRUE(sent.has(std::string("x-amzn-RequestId: ") + kRequestId)) << sent.head;
    EXPECT_EQ(sent.body,
              R"({"MD5OfMessageBody":"710483aee4681920f3b922b9e4ef45be",)"
              R"("MD5OfMessageAttributes":"ae7155c6026991b6d54b11589678bf9c",)"
              R"("MessageId":"id-1"})");
    const json got = json::parse(server
                                     .ask("ReceiveMessage",
                                          {{"AttributeNames", {"All"}},
                                           {"MessageAttributeNames", {"All"}},
                                           {"VisibilityTimeout", 7}})
                                     .body)["Messages"][0];
    EXPECT_EQ(got["Body"], "grüße € 😀");
    EXPECT_EQ(got["MD5OfBody"], "710483aee4681920f3b922b9e4ef45be");
    EXPECT_EQ(got["MD5OfMessageAttributes"], "ae7155c6026991b6d54b11589678bf9c");
    EXPECT_EQ(got["MessageAttributes"]["Foo"]["StringValue"], "Bar");
    EXPECT_EQ(got["Attributes"], json::parse(R"({"SenderId": "AIDA", "SentTimestamp": "1234",
        "ApproximateReceiveCount": "1", "ApproximateFirstReceiveTimestamp": "1500"})"));
    const json handle{{"ReceiptHandle", got["ReceiptHandle"]}};
    EXPECT_EQ(server.ask("DeleteMessage", handle).body, "{}");
    EXPECT_THAT(server.backend.calls,
                ElementsAre("send parts grüße € 😀  KEY", "receive parts 1 7", "delete parts 1/1"));
}

TEST(SqsProtocols, aMessageInAForm)
{
    SqsServer server;
    const Answer sent
        = server.form("Action=SendMessage&Version=2012-11-05&QueueUrl=http%3A%2F%2Flocalhost%2F"
                      "000000000000%2Fparts&MessageBody=a+%3Cb%3E&MessageAttribute.1.Name=Foo&"
                      "MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value."
                      "StringValue=Bar&AWSAccessKeyId=KEY");
    EXPECT_EQ(sent.status, 200);
    EXPECT_TRUE(sent.has("Content-Type: text/xml")) << sent.head;
    EXPECT_EQ(textOf(sent.body, "MessageId"), "id-1");
    EXPECT_EQ(textOf(sent.body, "MD5OfMessageAttributes"), "ae7155c6026991b6d54b11589678bf9c");
    EXPECT_EQ(textOf(sent.body, "RequestId"), kRequestId);
    // To the URL of the queue, and in the query of a GET.
    const Answer got = RawClient(server.port)
                           .exchange(coldframe::http::test::get(
                               "/000000000000/parts?Action=ReceiveMessage&MaxNumberOfMessages=10&"
                               "AttributeName.1=SentTimestamp&MessageAttributeName.1=All"));
    EXPECT_EQ(textOf(got.body, "Body"), "a &lt;b&gt;");
    EXPECT_THAT(got.body,
                HasSubstr("<Attribute><Name>SentTimestamp</Name><Value>1234</Value></Attribute>"));
    EXPECT_THAT(got.body,
                HasSubstr("<MessageAttribute><Name>Foo</Name><Value><StringValue>Bar"
                          "</StringValue><DataType>String</DataType></Value>"));
    const Answer gone
        = server.form("Action=DeleteMessage&ReceiptHandle=" + textOf(got.body, "ReceiptHandle"),
                      "/000000000000/parts");
    EXPECT_THAT(gone.body, HasSubstr("<DeleteMessageResponse xmlns="));
    EXPECT_THAT(server.backend.calls,
                ElementsAre("send parts a <b>  KEY", "receive parts 10", "delete parts 1/1"));
}

TEST(SqsProtocols, fifo)
{
    SqsServer server;
    const json about{
        {"QueueUrl", "/000000000000/orders.fifo"}, {"MessageBody", "msg"}, {"MessageGroupId", "g"}};
    EXPECT_THAT(server.ask("SendMessage", about).body, HasSubstr(R"("SequenceNumber":"1")"));
    // The SHA-256 of the body is its id.
    EXPECT_THAT(server.backend.calls,
                ElementsAre("send orders.fifo msg "
                            "e46b320165eec91e6344fa10340d5b3208304d6cad29d0d5aed18466d1d9d80e "));
}

TEST(SqsProtocols, batches)
{
    SqsServer server;
    const json entries{{"Entries",
                        {{{"Id", "a"}, {"MessageBody", "x"}},
                         {{"Id", "b"}, {"MessageBody", ""}},
                         {{"Id", "c"}, {"MessageBody", "y"}}}}};
    const json sent = json::parse(server.ask("SendMessageBatch", entries).body);
    EXPECT_EQ(sent["Successful"][0]["Id"], "a");
    EXPECT_EQ(sent["Successful"][1]["Id"], "c");
    EXPECT_EQ(sent["Successful"][1]["MessageId"], "id-2");
    EXPECT_EQ(sent["Failed"][0]["Id"], "b");
    EXPECT_EQ(sent["Failed"][0]["Code"], "MissingParameter");
    const json got
        = json::parse(server.ask("ReceiveMessage", {{"MaxNumberOfMessages", 10}}).body)["Messages"];
    ASSERT_EQ(got.size(), 2U);
    server.backend.outcome = ReceiptOutcome::NotInFlight; // of the first message
    const json changed
        = json::parse(server
                          .ask("ChangeMessageVisibilityBatch",
                               {{"Entries",
                                 {{{"Id", "0"}, {"ReceiptHandle", "x"}, {"VisibilityTimeout", 5}},
                                  {{"Id", "1"},
                                   {"ReceiptHandle", got[0]["ReceiptHandle"]},
                                   {"VisibilityTimeout", 5}},
                                  {{"Id", "2"},
                                   {"ReceiptHandle", got[1]["ReceiptHandle"]},
                                   {"VisibilityTimeout", 6}}}}})
                          .body);
    EXPECT_EQ(changed["Failed"][0]["Code"], "ReceiptHandleIsInvalid");
    EXPECT_EQ(changed["Failed"][1]["Code"], "AWS.SimpleQueueService.MessageNotInflight");
    EXPECT_EQ(changed["Successful"], json::parse(R"([{"Id": "2"}])"));
    EXPECT_EQ(server.backend.calls.back(), "change parts 2 6");
    const Answer none = server.form("Action=DeleteMessageBatch&DeleteMessageBatchRequestEntry.1.Id="
                                    "a&DeleteMessageBatchRequestEntry.1.ReceiptHandle=x",
                                    "/000000000000/parts");
    EXPECT_EQ(none.status, 200);
    EXPECT_THAT(none.body, HasSubstr("<BatchResultErrorEntry><Id>a</Id><SenderFault>true"));
}

TEST(SqsProtocols, queues)
{
    SqsServer server;
    const std::string base = "http://127.0.0.1:" + std::to_string(server.port) + "/000000000000/";
    const auto url = [&](const char* name) { return R"({"QueueUrl":")" + base + name + R"("})"; };
    EXPECT_EQ(server.ask("GetQueueUrl", {{"QueueName", "parts"}}).body, url("parts"));
    EXPECT_EQ(server.ask("CreateQueue", {{"QueueName", "parts"}}).body, url("parts"));
    EXPECT_EQ(json::parse(server.ask("ListQueues", json::object()).body)["QueueUrls"],
              json({base + "failed", base + "orders.fifo", base + "parts"}));
    EXPECT_EQ(server.ask("ListQueues", {{"QueueNamePrefix", "x"}}).body, "{}");
    const json page = json::parse(server.ask("ListQueues", {{"MaxResults", 2}}).body);
    EXPECT_EQ(page["QueueUrls"], json({base + "failed", base + "orders.fifo"}));
    const json rest = json::parse(
        server.ask("ListQueues", {{"MaxResults", 2}, {"NextToken", page["NextToken"]}}).body);
    EXPECT_EQ(rest, json::parse(R"({"QueueUrls": [")" + base + R"(parts"]})"));
    EXPECT_EQ(server.ask("GetQueueAttributes", {{"AttributeNames", {"MaximumMessageSize"}}}).body,
              R"({"Attributes":{"MaximumMessageSize":"1048576"}})");
    EXPECT_EQ(server.ask("GetQueueAttributes", json::object()).body, "{}");
    EXPECT_EQ(server.ask("PurgeQueue", json::object()).body, "{}");
    EXPECT_EQ(server.ask("ListDeadLetterSourceQueues", {{"QueueUrl", base + "failed"}}).body,
              R"({"queueUrls":[")" + base + R"(parts"]})");
    EXPECT_THAT(server.form("Action=ListQueues").body,
                HasSubstr("<QueueUrl>" + base + "failed</QueueUrl>"));
}

} // namespace
