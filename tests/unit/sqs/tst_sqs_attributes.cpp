// Attributes of messages and of queues.

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "sqs/command.h"
#include "sqs/message_attributes.h"
#include "sqs/queue_attributes.h"

using namespace coldframe;
using namespace coldframe::sqs;
using namespace std::chrono_literals;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

namespace {

TEST(SqsAttributes, ofMessages)
{
    const auto read = readAttributes(json::parse(R"({
        "b": {"DataType": "Binary.raw", "BinaryValue": "AAH/"},
        "a": {"DataType": "Number", "StringValue": "-1.5e3", "StringListValues": []},
        "c": {"DataType": "String", "StringValue": "ü"}})"));
    ASSERT_TRUE(read);
    EXPECT_THAT(
        *read,
        ElementsAre(Pair("a", MessageAttribute{"Number", "-1.5e3", false}),
                    Pair("b", MessageAttribute{"Binary.raw", std::string("\0\1\xff", 3), true}),
                    Pair("c", MessageAttribute{"String", "ü", false})));
    EXPECT_EQ(bytesOf(*read), 1U + 6 + 6 + 1 + 10 + 3 + 1 + 6 + 2);
    EXPECT_EQ(toJson(*read).dump(),
              R"({"a":{"StringValue":"-1.5e3","DataType":"Number"},)"
              R"("b":{"BinaryValue":"AAH/","DataType":"Binary.raw"},)"
              R"("c":{"StringValue":"ü","DataType":"String"}})");
    EXPECT_EQ(fromEventText(toEventText(*read)), *read);
    EXPECT_EQ(toEventText({{"n", {"String", "x"}}}),
              R"({"n":{"stringValue":"x","stringListValues":[],"binaryListValues":[],)"
              R"("dataType":"String"}})");
    EXPECT_EQ(toEventText({}), "");
    EXPECT_TRUE(readAttributes(json())->empty());
}

TEST(SqsAttributes, whatIsNoEventTextIsLeftOut)
{
    for (const char* text :
         {"", "x", "[]", "null", "{", R"({"a": 1})", R"({"a": {}})",
          R"({"a": {"dataType": "String"}})", R"({"a": {"dataType": 1, "stringValue": "x"}})",
          R"({"a": {"dataType": "Binary", "binaryValue": "%"}})"})
        EXPECT_TRUE(fromEventText(text).empty()) << text;
}

TEST(SqsAttributes, refusedOfMessages)
{
    std::string eleven, longType(300, 'x');
    for (int i = 0; i < 11; ++i)
        eleven += (i == 0 ? "" : ",") + ('"' + std::string("n") + std::to_string(i))
            + R"(": {"DataType": "String", "StringValue": "x"})";
    const std::array<std::string, 3> rows[]{
        {"[]", "MalformedInput", "must be an object"},
        {R"("x")", "MalformedInput", "must be an object"},
        {"{" + eleven + "}", "InvalidParameterValue",
         "Number of message attributes [11] exceeds the allowed maximum [10]."},
        {R"({"a": 1})", "InvalidParameterValue", "must be an object with DataType"},
        {R"({"": {"DataType": "String", "StringValue": "x"}})", "InvalidParameterValue",
         "has an invalid name"},
        {R"({"AWS.x": {"DataType": "String", "StringValue": "x"}})", "InvalidParameterValue",
         "has an invalid name"},
        {R"({"a": {"StringValue": "x"}})", "InvalidParameterValue",
         "The message attribute 'a' must contain non-empty message attribute type."},
        {R"({"a": {"DataType": "", "StringValue": "x"}})", "InvalidParameterValue",
         "non-empty message attribute type"},
        {R"({"a": {"DataType": 5, "StringValue": "x"}})", "InvalidParameterValue",
         "non-empty message attribute type"},
        {R"({"a": {"DataType": "string", "StringValue": "x"}})", "InvalidParameterValue",
         "the set of supported type prefixes is Binary, Number, and String."},
        {R"({"a": {"DataType": "Stringy", "StringValue": "x"}})", "InvalidParameterValue",
         "invalid message attribute type"},
        {R"({"a": {"DataType": "String.)" + longType + R"(", "StringValue": "x"}})",
         "InvalidParameterValue", "longer than 256"},
        {R"({"a": {"DataType": "String", "StringValue": ""}})", "InvalidParameterValue",
         "must contain non-empty message attribute value for message attribute type 'String'."},
        {R"({"a": {"DataType": "String", "BinaryValue": "AA=="}})", "InvalidParameterValue",
         "must contain non-empty message attribute value"},
        {R"({"a": {"DataType": "Binary", "StringValue": "x"}})", "InvalidParameterValue",
         "for message attribute type 'Binary'."},
        {R"({"a": {"DataType": "Binary", "BinaryValue": "%%"}})", "InvalidParameterValue",
         "is not base64"},
        {R"({"a": {"DataType": "Number", "StringValue": "1x"}})", "InvalidParameterValue",
         "Can't cast the value of message attribute 'a' to a number."},
        {R"({"a": {"DataType": "String", "StringValue": "x\u0000"}})", "InvalidMessageContents",
         "message attribute 'a'"},
        {R"({"a": {"DataType": "String", "StringListValues": ["x"]}})",
         "AWS.SimpleQueueService.UnsupportedOperation", "list values"},
    };
    for (const auto& [given, code, message] : rows) {
        const auto read = readAttributes(json::parse(given));
        ASSERT_FALSE(read) << given;
        EXPECT_EQ(read.error().code, code) << given;
        EXPECT_THAT(read.error().message, HasSubstr(message)) << given;
    }
}

TEST(SqsAttributes, selectedByName)
{
    const MessageAttribute x{"String", "x"};
    const MessageAttributes all{{"General", x}, {"Hello", x}, {"Help.Me", x}};
    struct Row {
        std::vector<std::string> names;
        std::size_t count;
    };
    const Row rows[]{{{}, 0},
                     {{"All"}, 3},
                     {{"*"}, 3},
                     {{".*"}, 3},
                     {{"none", "nor"}, 0},
                     {{"Hello", "General"}, 2},
                     {{"Hel.*"}, 2},
                     {{"Hello", "none"}, 1},
                     {{"help.me"}, 0},
                     {{"Help.*"}, 1},
                     {{""}, 0},
                     {{"AWS."}, 0}};
    for (const Row& row : rows)
        EXPECT_EQ(selected(all, row.names).size(), row.count)
            << (row.names.empty() ? "" : row.names.front());
}

QueueFacts standard()
{
    return {.name = "parts",
            .visibility = 30s,
            .delay = 5s,
            .retention = 96h,
            .maxReceives = 3,
            .deadLetters = "failed",
            .since = TimePoint(1'772'615'707s),
            .visible = 4,
            .inFlight = 2,
            .delayed = 1};
}

TEST(SqsAttributes, ofQueues)
{
    EXPECT_THAT(
        attributesOf(standard(), {"All"}),
        ElementsAre(Pair("QueueArn", "arn:aws:sqs:us-east-1:000000000000:parts"),
                    Pair("ApproximateNumberOfMessages", "4"),
                    Pair("ApproximateNumberOfMessagesNotVisible", "2"),
                    Pair("ApproximateNumberOfMessagesDelayed", "1"),
                    Pair("CreatedTimestamp", "1772615707"),
                    Pair("LastModifiedTimestamp", "1772615707"), Pair("VisibilityTimeout", "30"),
                    Pair("MaximumMessageSize", "1048576"), Pair("MessageRetentionPeriod", "345600"),
                    Pair("DelaySeconds", "5"), Pair("ReceiveMessageWaitTimeSeconds", "0"),
                    Pair("SqsManagedSseEnabled", "false"),
                    Pair("RedrivePolicy",
                         R"({"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:failed",)"
                         R"("maxReceiveCount":3})")));
    EXPECT_THAT(attributesOf(standard(), {"DelaySeconds", "FifoQueue", "Policy"}),
                ElementsAre(Pair("DelaySeconds", "5")));
    EXPECT_TRUE(attributesOf(standard(), {}).empty());
    EXPECT_THAT(attributesOf({.name = "a.fifo", .fifo = true}, {"FifoQueue", "RedrivePolicy"}),
                ElementsAre(Pair("FifoQueue", "true")));
}

TEST(SqsAttributes, queuesThatAreThereAlready)
{
    EXPECT_FALSE(differenceFrom(standard(), {}));
    EXPECT_FALSE(differenceFrom(standard(),
                                {{"VisibilityTimeout", "30"},
                                 {"FifoQueue", "false"},
                                 {"Policy", "{}"},
                                 {"RedrivePolicy",
                                  R"({"maxReceiveCount": "3", "deadLetterTargetArn":
                                      "arn:aws:sqs:us-east-1:000000000000:failed"})"}}));
    for (const char* policy : {"{}", "no JSON", R"({"maxReceiveCount": 4, "deadLetterTargetArn":
                                      "arn:aws:sqs:us-east-1:000000000000:failed"})"})
        EXPECT_TRUE(differenceFrom(standard(), {{"RedrivePolicy", policy}})) << policy;
    const auto other = differenceFrom(standard(), {{"VisibilityTimeout", "31"}});
    ASSERT_TRUE(other);
    EXPECT_EQ(other->code, "QueueAlreadyExists");
    EXPECT_THAT(other->message, HasSubstr("VisibilityTimeout"));
    EXPECT_TRUE(differenceFrom(standard(), {{"FifoQueue", "true"}}));
}

TEST(SqsAttributes, whatFitsAQueue)
{
    const QueueFacts plain = standard();
    const QueueFacts fifo{.name = "a.fifo", .fifo = true};
    const QueueFacts content{.name = "a.fifo", .fifo = true, .contentDeduplication = true};
    struct Row {
        const char* name;
        Draft draft;
        const QueueFacts& queue;
        const char* code; ///< empty: it fits
    };
    const Row rows[]{
        {"plain", {.body = "x"}, plain, ""},
        {"a group in a standard queue", {.body = "x", .group = "g"}, plain, ""},
        {"an id in a standard queue",
         {.body = "x", .deduplication = "d"},
         plain,
         "InvalidParameterValue"},
        {"a delay in a standard queue", {.body = "x", .delay = 900s}, plain, ""},
        {"no group", {.body = "x", .deduplication = "d"}, fifo, "MissingParameter"},
        {"no id", {.body = "x", .group = "g"}, fifo, "InvalidParameterValue"},
        {"both", {.body = "x", .group = "g", .deduplication = "d"}, fifo, ""},
        {"the content is the id", {.body = "x", .group = "g"}, content, ""},
        {"a delay in a FIFO queue",
         {.body = "x", .delay = 2s, .group = "g"},
         content,
         "InvalidParameterValue"},
        {"no delay in a FIFO queue", {.body = "x", .delay = 0s, .group = "g"}, content, ""},
    };
    for (const Row& row : rows) {
        const auto problem = problemOf(row.draft, row.queue);
        EXPECT_EQ(problem ? problem->code : "", row.code) << row.name;
    }
}

} // namespace
