// What requests ask for, and what is refused of them.

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "sqs/command.h"

using namespace coldframe::sqs;
using namespace std::chrono_literals;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

constexpr const char* kUrl = "http://127.0.0.1:1/000000000000/parts";

Expected<Command> read(const char* action, const std::string& text, bool withUrl = true)
{
    json parameters = json::parse(text);
    if (withUrl)
        parameters["QueueUrl"] = kUrl;
    return readCommand(action, parameters);
}

TEST(SqsCommands, send)
{
    const auto send = std::get<SendMessages>(*read("SendMessage", R"({
        "MessageBody": "hello", "DelaySeconds": 900, "MessageGroupId": "g",
        "MessageDeduplicationId": "d", "Unknown": {"is": "ignored"},
        "MessageAttributes": {"n": {"DataType": "Number", "StringValue": "1"}},
        "MessageSystemAttributes": {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1"}}
        })"));
    EXPECT_EQ(send.queue, "parts");
    ASSERT_EQ(send.entries.size(), 1U);
    const Draft& draft = *send.entries[0].content;
    EXPECT_EQ(draft.body, "hello");
    EXPECT_EQ(draft.delay, 900s);
    EXPECT_EQ(draft.group, "g");
    EXPECT_EQ(draft.deduplication, "d");
    EXPECT_EQ(draft.attributes.at("n").value, "1");
    EXPECT_EQ(draft.system.at("AWSTraceHeader").value, "Root=1");
    const auto plain = std::get<SendMessages>(*read("SendMessage", R"({"MessageBody": "x"})"));
    EXPECT_EQ(plain.entries[0].content->delay, std::nullopt);
}

TEST(SqsCommands, receive)
{
    const auto plain = std::get<ReceiveMessages>(*read("ReceiveMessage", "{}"));
    EXPECT_EQ(plain.most, 1U);
    EXPECT_EQ(plain.wait, std::nullopt);
    EXPECT_EQ(plain.visibility, std::nullopt);
    // Numbers as the Query protocol brings them.
    const auto full = std::get<ReceiveMessages>(*read("ReceiveMessage", R"({
        "MaxNumberOfMessages": "10", "WaitTimeSeconds": "20", "VisibilityTimeout": 43200,
        "AttributeNames": ["SenderId"], "MessageSystemAttributeNames": ["All"],
        "MessageAttributeNames": ["a.*"], "ReceiveRequestAttemptId": "x"})"));
    EXPECT_EQ(full.most, 10U);
    EXPECT_EQ(full.wait, 20s);
    EXPECT_EQ(full.visibility, 43200s);
    EXPECT_THAT(full.systemAttributes, ElementsAre("SenderId", "All"));
    EXPECT_THAT(full.attributes, ElementsAre("a.*"));
}

TEST(SqsCommands, others)
{
    const auto change = std::get<ChangeVisibility>(
        *read("ChangeMessageVisibility", R"({"ReceiptHandle": "h", "VisibilityTimeout": 0})"));
    EXPECT_EQ(change.entries[0].content->handle, "h");
    EXPECT_EQ(change.entries[0].content->timeout, 0s);
    EXPECT_EQ(std::get<GetQueueUrl>(*read("GetQueueUrl", R"({"QueueName": "a.fifo"})")).queue,
              "a.fifo");
    const auto create = std::get<CreateQueue>(*read(
        "CreateQueue", R"({"QueueName": "a", "Attributes": {"DelaySeconds": "5"}, "tags": {}})"));
    EXPECT_THAT(create.attributes, ElementsAre(testing::Pair("DelaySeconds", "5")));
    const auto list = std::get<ListQueues>(*read(
        "ListQueues", R"({"QueueNamePrefix": "p", "MaxResults": 2, "NextToken": "cGFydHM="})"));
    EXPECT_EQ(list.prefix, "p");
    EXPECT_EQ(list.most, 2U);
    EXPECT_EQ(list.after, "parts");
    for (const char* action : {"PurgeQueue", "DeleteQueue", "SetQueueAttributes",
                               "GetQueueAttributes", "ListDeadLetterSourceQueues"})
        EXPECT_TRUE(read(action, "{}")) << action;
}

struct Refused {
    const char *action, *parameters, *code, *message;
};

TEST(SqsCommands, refused)
{
    const Refused rows[]{
        {"", "{}", "InvalidAction", "is none of Amazon SQS"},
        {"sendMessage", "{}", "InvalidAction", "\"sendMessage\""},
        {"TagQueue", "{}", "AWS.SimpleQueueService.UnsupportedOperation", "TagQueue is not"},
        {"SendMessage", "{}", "MissingParameter",
         "The request must contain the parameter MessageBody."},
        {"SendMessage", R"({"MessageBody": ""})", "MissingParameter", "MessageBody"},
        {"SendMessage", R"({"MessageBody": null})", "MissingParameter", "MessageBody"},
        {"SendMessage", R"({"MessageBody": 5})", "MalformedInput",
         "MessageBody must be a text, got 5."},
        {"SendMessage", R"({"MessageBody": {"a": 1}})", "MalformedInput", "got {…}."},
        {"SendMessage", R"({"MessageBody": "a\u0000b"})", "InvalidMessageContents",
         "Invalid binary character '#x0' was found at byte 1"},
        {"SendMessage", R"({"MessageBody": "\uffff"})", "InvalidMessageContents", "#xFFFF"},
        {"SendMessage", R"({"MessageBody": "x", "DelaySeconds": 901})", "InvalidParameterValue",
         "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and "
         "<= 900."},
        {"SendMessage", R"({"MessageBody": "x", "DelaySeconds": -1})", "InvalidParameterValue",
         "Value -1 "},
        {"SendMessage", R"({"MessageBody": "x", "DelaySeconds": 99999999999999999999999999})",
         "InvalidParameterValue", "for parameter DelaySeconds"},
        {"SendMessage", R"({"MessageBody": "x", "DelaySeconds": 18446744073709551615})",
         "InvalidParameterValue", "Value 18446744073709551615 "},
        {"SendMessage", R"({"MessageBody": "x", "DelaySeconds": 1.5})", "InvalidParameterValue",
         "Value 1.5 "},
        {"SendMessage", R"({"MessageBody": "x", "DelaySeconds": "5s"})", "InvalidParameterValue",
         "Value 5s "},
        {"SendMessage", R"({"MessageBody": "x", "DelaySeconds": ""})", "InvalidParameterValue",
         "DelaySeconds"},
        {"SendMessage", R"({"MessageBody": "x", "DelaySeconds": [1]})", "InvalidParameterValue",
         "Value […] "},
        {"SendMessage", R"({"MessageBody": "x", "MessageGroupId": "a b"})", "InvalidParameterValue",
         "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in "
         "length."},
        {"SendMessage", R"({"MessageBody": "x", "MessageAttributes": []})", "MalformedInput", ""},
        {"SendMessage",
         R"({"MessageBody": "x", "MessageSystemAttributes":
             {"Other": {"DataType": "String", "StringValue": "x"}}})",
         "InvalidParameterValue", "Message system attribute name 'Other' is invalid"},
        {"ReceiveMessage", R"({"MaxNumberOfMessages": 0})", "InvalidParameterValue",
         "Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, "
         "if provided."},
        {"ReceiveMessage", R"({"MaxNumberOfMessages": 11})", "InvalidParameterValue", "Value 11 "},
        {"ReceiveMessage", R"({"WaitTimeSeconds": 21})", "InvalidParameterValue",
         "Must be >= 0 and <= 20, if provided."},
        {"ReceiveMessage", R"({"VisibilityTimeout": 43201})", "InvalidParameterValue",
         "Must be between 0 and 43200, if provided."},
        {"ReceiveMessage", R"({"AttributeNames": "All"})", "MalformedInput", "a list of texts"},
        {"ReceiveMessage", R"({"AttributeNames": [1]})", "MalformedInput", "a list of texts"},
        {"ReceiveMessage", R"({"AttributeNames": ["all"]})", "InvalidAttributeName",
         "Unknown Attribute all."},
        {"DeleteMessage", "{}", "MissingParameter", "ReceiptHandle"},
        {"ChangeMessageVisibility", R"({"ReceiptHandle": "h"})", "MissingParameter",
         "VisibilityTimeout"},
        {"ChangeMessageVisibility", R"({"ReceiptHandle": "h", "VisibilityTimeout": 43201})",
         "InvalidParameterValue", "Value 43201 "},
        {"GetQueueUrl", "{}", "InvalidParameterValue", "1 to 80 in length"},
        {"GetQueueUrl", R"({"QueueName": "a b"})", "InvalidParameterValue", "hyphens"},
        {"GetQueueAttributes", R"({"AttributeNames": ["DelaySeconds", "nope"]})",
         "InvalidAttributeName", "Unknown Attribute nope."},
        {"CreateQueue", R"({"QueueName": "a", "Attributes": {"Nope": "1"}})",
         "InvalidAttributeName", "Nope"},
        {"CreateQueue", R"({"QueueName": "a", "Attributes": [1]})", "MalformedInput", "Attributes"},
        {"ListQueues", R"({"MaxResults": 1001})", "InvalidParameterValue", "Value 1001 "},
        {"ListQueues", R"({"NextToken": "%"})", "InvalidParameterValue", "NextToken"},
    };
    for (const Refused& row : rows) {
        const auto command = read(row.action, row.parameters);
        ASSERT_FALSE(command) << row.action << row.parameters;
        EXPECT_EQ(command.error().code, row.code) << row.action << row.parameters;
        EXPECT_THAT(command.error().message, HasSubstr(row.message)) << row.parameters;
    }
}

TEST(SqsCommands, whatIsAboutNoQueue)
{
    for (const char* parameters : {"{}", R"({"QueueUrl": null})", R"({"QueueUrl": ""})",
                                   R"({"QueueUrl": "parts"})", R"({"QueueUrl": "http://a/b/c/d"})"})
        for (const char* action : {"SendMessage", "ReceiveMessage", "DeleteMessage", "PurgeQueue",
                                   "GetQueueAttributes", "SendMessageBatch"}) {
            const auto command = read(action, parameters, false);
            ASSERT_FALSE(command) << action << parameters;
            EXPECT_EQ(command.error().code, "AWS.SimpleQueueService.NonExistentQueue");
            EXPECT_EQ(command.error().shape, "com.amazonaws.sqs#QueueDoesNotExist");
        }
    for (const char* none : {"[]", "1", "null", "\"x\""})
        EXPECT_EQ(readCommand("SendMessage", json::parse(none)).error().code, "MalformedInput");
}

TEST(SqsCommands, theLargestMessage)
{
    json parameters{{"QueueUrl", kUrl}, {"MessageBody", std::string(1'048'576, 'x')}};
    EXPECT_TRUE(readCommand("SendMessage", parameters));
    parameters["MessageAttributes"] = {{"n", {{"DataType", "String"}, {"StringValue", "x"}}}};
    const auto tooLarge = readCommand("SendMessage", parameters);
    ASSERT_FALSE(tooLarge);
    EXPECT_EQ(tooLarge.error().message,
              "One or more parameters are invalid. Reason: Message must be shorter than 1048576 "
              "bytes.");
}

} // namespace
