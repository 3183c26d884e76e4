// What the endpoint turns down, in the shape that each protocol's callers understand.

#include <gmock/gmock.h>

#include "sqs_server.h"

using namespace coldframe::sqs;
using namespace coldframe::sqs::test;
using coldframe::http::test::get;
using coldframe::http::test::post;
using testing::HasSubstr;

namespace {

TEST(SqsRefusals, errorsInBothShapes)
{
    SqsServer server;
    const Answer inJson = server.ask(
        "SendMessage", {{"QueueUrl", "http://a/000000000000/none"}, {"MessageBody", "x"}});
    EXPECT_EQ(inJson.status, 400);
    EXPECT_TRUE(inJson.has("x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender"))
        << inJson.head;
    EXPECT_EQ(inJson.body,
              R"({"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The )"
              R"(specified queue does not exist: the workspace has failed, )"
              R"(orders.fifo, parts."})");
    const Answer inXml = server.form("Action=SendMessage&MessageBody=x", "/000000000000/none");
    EXPECT_EQ(inXml.status, 400);
    EXPECT_THAT(inXml.body,
                HasSubstr("<ErrorResponse xmlns=\"http://queue.amazonaws.com/doc/"
                          "2012-11-05/\"><Error><Type>Sender</Type><Code>AWS."
                          "SimpleQueueService.NonExistentQueue</Code><Message>The "
                          "specified queue does not exist: "));
}

TEST(SqsRefusals, ofQueuesAndReceipts)
{
    SqsServer server;
    const std::string handle = writeHandle({1, 1}, "parts");
    ReceiptOutcome& outcome = server.backend.outcome;
    const auto code = [&](const char* action, const json& parameters) {
        const Answer answer = server.ask(action, parameters);
        const std::string type
            = answer.status == 200 ? "" : json::parse(answer.body)["__type"].get<std::string>();
        return std::to_string(answer.status) + ' ' + type.substr(type.find('#') + 1);
    };
    const json about{{"ReceiptHandle", handle}, {"VisibilityTimeout", 60}};
    EXPECT_EQ(code("DeleteMessage", {{"ReceiptHandle", "x"}}), "404 ReceiptHandleIsInvalid");
    EXPECT_EQ(code("DeleteMessage", {{"ReceiptHandle", writeHandle({1, 1}, "failed")}}),
              "404 ReceiptHandleIsInvalid");
    outcome = ReceiptOutcome::Gone;
    EXPECT_EQ(code("DeleteMessage", about), "200 ");
    EXPECT_EQ(code("ChangeMessageVisibility", about), "400 InvalidParameterValueException");
    outcome = ReceiptOutcome::Expired;
    EXPECT_EQ(code("DeleteMessage", about), "400 InvalidParameterValueException");
    outcome = ReceiptOutcome::NotInFlight;
    EXPECT_EQ(code("DeleteMessage", about), "200 ");
    EXPECT_EQ(code("ChangeMessageVisibility", about), "400 MessageNotInflight");
    outcome = ReceiptOutcome::TooLong;
    EXPECT_THAT(server.ask("ChangeMessageVisibility", about).body,
                HasSubstr("Total VisibilityTimeout for the message is beyond the limit"));

    EXPECT_EQ(code("SetQueueAttributes", {{"Attributes", json::object()}}),
              "400 UnsupportedOperation");
    EXPECT_THAT(server.ask("SetQueueAttributes", json::object()).body,
                HasSubstr("queues are set in coldframe.json"));
    EXPECT_EQ(code("DeleteQueue", json::object()), "400 UnsupportedOperation");
    EXPECT_THAT(server.ask("CreateQueue", {{"QueueName", "new"}}).body,
                HasSubstr("queues are set in coldframe.json"));
    EXPECT_EQ(code("CreateQueue",
                   {{"QueueName", "parts"}, {"Attributes", {{"VisibilityTimeout", "77"}}}}),
              "400 QueueNameExists");
    EXPECT_EQ(
        code("SendMessage", {{"QueueUrl", "/000000000000/orders.fifo"}, {"MessageBody", "x"}}),
        "400 MissingRequiredParameterException");
    server.backend.refuses = overLimit("a chain");
    EXPECT_EQ(code("SendMessage", {{"MessageBody", "x"}}), "403 OverLimit");
    server.backend.known.clear();
    EXPECT_THAT(server.ask("ReceiveMessage", json::object()).body,
                HasSubstr("the workspace has no queues"));
}

TEST(SqsRefusals, webPagesAndForeignNames)
{
    SqsServer server;
    const std::string body = json{{"QueueUrl", kAbout}, {"MessageBody", "x"}}.dump();
    const Answer page = RawClient(server.port)
                            .exchange(SqsServer::jsonRequest("SendMessage", body,
                                                             "Origin: https://evil.example\r\n"));
    EXPECT_EQ(page.status, 403);
    EXPECT_THAT(page.body, HasSubstr("AccessDeniedException"));
    const Answer name = RawClient(server.port)
                            .exchange("GET /000000000000/parts?Action=PurgeQueue HTTP/1.1\r\n"
                                      "Host: evil.example\r\n\r\n");
    EXPECT_EQ(name.status, 403);
    EXPECT_THAT(name.body, HasSubstr("<Code>AccessDenied</Code>"));
    EXPECT_TRUE(server.backend.calls.empty());
}

TEST(SqsRefusals, malformedRequests)
{
    SqsServer server;
    const std::string target = "X-Amz-Target: AmazonSQS.SendMessage\r\n";
    struct Row {
        const char* name;
        std::string request;
        int status;
        const char* says;
    };
    const Row rows[]{
        {"no action", get("/"), 400, "<Code>MissingAction</Code>"},
        {"an unknown action", get("/?Action=Drop%00Table"), 400, "<Code>InvalidAction</Code>"},
        {"another service", post("/", "{}", "X-Amz-Target: DynamoDB_20120810.PutItem\r\n"), 400,
         "UnknownOperationException"},
        {"JSON without an action", post("/", "{}", "Content-Type: application/x-amz-json-1.0\r\n"),
         400, "UnknownOperationException"},
        {"another method", "PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 400,
         "The method PUT is not served"},
        {"JSON by GET", get("/", target), 400, "wants POST"},
        {"no JSON", post("/", "{", target), 400, "SerializationException"},
        {"a NUL in JSON", post("/", std::string("{\"a\":\0}", 7), target), 400,
         "SerializationException"},
        {"no UTF-8", post("/", "{\"MessageBody\": \"\xff\"}", target), 400,
         "SerializationException"},
        {"a list", post("/", "[]", target), 400, "must be a JSON object"},
        {"deep", post("/", std::string(100'000, '['), target), 400, "nested too deeply"},
        {"deep objects", post("/", "{\"a\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}", target), 400,
         "nested too deeply"},
        {"brackets in a text", post("/", R"({"MessageBody": "\"[[[[[[[[[[[[[[[[[[[["})", target),
         400, "QueueDoesNotExist"},
        {"a broken form", post("/", "Action=%", ""), 400, "<Code>MalformedInput</Code>"},
        {"no UTF-8 in a form",
         post("/000000000000/parts", "Action=SendMessage&MessageBody=%FF", ""), 400,
         "<Code>InvalidMessageContents</Code>"},
        {"nothing in a body", post("/", "", target), 400, "QueueDoesNotExist"},
    };
    for (const Row& row : rows) {
        const Answer answer = RawClient(server.port).exchange(row.request);
        EXPECT_EQ(answer.status, row.status) << row.name;
        EXPECT_THAT(answer.body, HasSubstr(row.says)) << row.name;
    }
    EXPECT_TRUE(server.backend.calls.empty());
}

TEST(SqsRefusals, whatTheServerItselfTurnsDown)
{
    SqsServer server;
    const std::string head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n";
    const Answer inXml = RawClient(server.port).exchange(head + "\r\n");
    EXPECT_EQ(inXml.status, 413);
    EXPECT_THAT(inXml.body, HasSubstr("<ErrorResponse"));
    const Answer inJson
        = RawClient(server.port).exchange(head + "X-Amz-Target: AmazonSQS.SendMessage\r\n\r\n");
    EXPECT_EQ(inJson.status, 413);
    EXPECT_THAT(inJson.body, HasSubstr("__type"));
}

/// A megabyte whose every byte takes three in a form is let through.
TEST(SqsRefusals, theLargestMessageIsNone)
{
    SqsServer server;
    std::string coded;
    for (int i = 0; i < 1 << 20; ++i)
        coded += "%61";
    const Answer answer
        = server.form("Action=SendMessage&MessageBody=" + coded, "/000000000000/parts");
    EXPECT_THAT(answer.body, HasSubstr("7202826a7791073fe2787f0c94603278"));
}

} // namespace
