// What a function gets of a growing file.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "sources/stream_event.h"

using namespace coldframe;
using namespace coldframe::sources;
using nlohmann::json;
using testing::ElementsAre;

namespace {

StreamTrigger clicks(const char* path = "/data/clicks.jsonl")
{
    StreamTrigger trigger;
    trigger.path = path;
    trigger.partitionKey = "user";
    return trigger;
}

StreamRecord record(std::string bytes, std::uint64_t sequence = 17)
{
    StreamRecord made;
    made.bytes = std::move(bytes);
    made.sequence = sequence;
    made.arrival = TimePoint(std::chrono::milliseconds(1'772'615'707'412));
    return made;
}

TEST(KinesisItem, hasTheShapeOfThePlatform)
{
    const StreamItem item = kinesisItem(clicks(), record(R"({"user":"ada","n":1})"));
    const std::string number = "4965" + std::string(50, '0') + "17";
    EXPECT_EQ(number.size(), 56U);
    EXPECT_EQ(json::parse(item.text),
              json::parse(R"({"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"ada",
                "sequenceNumber":")"
                          + number + R"(","data":"eyJ1c2VyIjoiYWRhIiwibiI6MX0=",
                "approximateArrivalTimestamp":1772615707.412},"eventSource":"aws:kinesis",
                "eventVersion":"1.0","eventID":"shardId-000000000000:)"
                          + number + R"(",
                "eventName":"aws:kinesis:record",
                "invokeIdentityArn":"arn:aws:iam::000000000000:role/local",
                "awsRegion":"us-east-1",
                "eventSourceARN":"arn:aws:kinesis:us-east-1:000000000000:stream/clicks"})"));
    EXPECT_LT(sequenceNumber(99), sequenceNumber(100));
}

TEST(KinesisItem, carriesAnyBytesAndFindsAKeyForThem)
{
    const auto keyOf = [](std::string bytes) {
        const json item = json::parse(kinesisItem(clicks(), record(std::move(bytes))).text);
        return item["kinesis"]["partitionKey"].get<std::string>();
    };
    EXPECT_EQ(keyOf("\xff\x00 not json"), "clicks");
    EXPECT_EQ(keyOf(R"({"user": null})"), "clicks");
    EXPECT_EQ(keyOf(R"({"user": 7})"), "7");
    EXPECT_EQ(keyOf("[1]"), "clicks");
    EXPECT_EQ(keyOf("{\"user\": \"a\xff\"}"), "a\xef\xbf\xbd");
    EXPECT_EQ(keyOf(R"({"user": ")" + std::string(300, 'k') + "\"}"), std::string(256, 'k'));
    EXPECT_EQ(json::parse(kinesisItem(clicks(), record("\xff")).text)["kinesis"]["data"], "/w==");
}

TEST(RowItem, isTheJsonOfTheLine)
{
    EXPECT_EQ(rowItem(clicks(), record(R"( {"b": 1, "a": [2]} )")).text, R"({"b":1,"a":[2]})");
    EXPECT_EQ(rowItem(clicks(), record("{\"t\": \"\xff\"}")).text, "{\"t\":\"\xef\xbf\xbd\"}");
    const StreamItem broken = rowItem(clicks(), record(R"({"b": )"));
    EXPECT_EQ(broken.text, "");
    EXPECT_EQ(broken.problem, R"(record 17 is not JSON: "{"b": ")");
    const StreamItem deep = rowItem(clicks(), record(std::string(100'000, '[')
                                                     + std::string(100'000, ']')));
    EXPECT_EQ(deep.text, "");
    EXPECT_EQ(deep.problem,
              "record 17 is nested more than 200 deep: \"" + std::string(60, '[') + '"');
}

TEST(RowItem, ofCsvIsAnObjectByTheNamesOfItsHeader)
{
    StreamTrigger trigger = clicks("/data/people.csv");
    trigger.format = StreamTrigger::Format::Csv;
    StreamRecord row = record("ada,\"a \"\"b\"\", c\",3,more");
    row.header = std::make_shared<const std::string>("user,\"text\",n");
    EXPECT_EQ(rowItem(trigger, row).text,
              R"({"user":"ada","text":"a \"b\", c","n":"3","column 4":"more"})");
    row.bytes = "bob";
    EXPECT_EQ(rowItem(trigger, row).text, R"({"user":"bob"})");
    EXPECT_EQ(json::parse(kinesisItem(trigger, row).text)["kinesis"]["partitionKey"], "bob");
}

TEST(CsvFields, followTheRulesOfQuotes)
{
    EXPECT_THAT(csvFields(""), ElementsAre(""));
    EXPECT_THAT(csvFields("a,,c"), ElementsAre("a", "", "c"));
    EXPECT_THAT(csvFields("\"a\nb\",\"\""), ElementsAre("a\nb", ""));
    EXPECT_THAT(csvFields("5\" disk,\"x\"y"), ElementsAre("5\" disk", "xy"));
}

TEST(Item, knowsItsPartitionKey)
{
    EXPECT_EQ(kinesisItem(clicks(), record(R"({"user":"ada"})")).partitionKey, "ada");
    EXPECT_EQ(rowItem(clicks(), record(R"({"user":7})")).partitionKey, "7");
    EXPECT_EQ(rowItem(clicks(), record("[1]")).partitionKey, "clicks");
    StreamTrigger trigger = clicks();
    trigger.partitionKey.clear();
    EXPECT_EQ(kinesisItem(trigger, record(R"({"user":"ada"})")).partitionKey, "clicks");
}

TEST(FilteredText, ofKinesisHasTheDataAsJsonOrText)
{
    const auto seen = [](const std::string& bytes) {
        return json::parse(
            filteredText(clicks(), record(bytes), kinesisItem(clicks(), record(bytes))));
    };
    const json row = seen(R"({"user":"ada","n":1})");
    EXPECT_EQ(row["data"], (json{{"user", "ada"}, {"n", 1}}));
    EXPECT_EQ(row["partitionKey"], "ada");
    EXPECT_EQ(row["sequenceNumber"], sequenceNumber(17));
    EXPECT_EQ(row["approximateArrivalTimestamp"], 1'772'615'707.412);
    EXPECT_EQ(seen("ada,1")["data"], "ada,1");
    EXPECT_EQ(seen("\xff")["data"], "\xef\xbf\xbd");
}

TEST(FilteredText, ofLinesIsTheRow)
{
    StreamTrigger trigger = clicks();
    trigger.shape = StreamTrigger::Shape::Lines;
    const StreamRecord line = record(R"({"n": 1})");
    EXPECT_EQ(filteredText(trigger, line, rowItem(trigger, line)), R"({"n":1})");
}

TEST(StreamName, isThatOfTheFile)
{
    EXPECT_EQ(streamName("/x/my clicks.jsonl"), "my-clicks");
}

} // namespace
