#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sources/file_event.h"
#include "sources/scheduled_event.h"
#include "temporary_folder.h"

using namespace coldframe;
using namespace coldframe::test;
using namespace coldframe::sources;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const TimePoint kTime{1'772'615'707'412'000'000ns}; // 2026-03-04T09:15:07.412Z
const FileEventContext kContext{.trigger = "on-upload", .store = "uploads", .folder = "/w/data"};

FileChange created(std::string key, std::uint64_t size = 1834)
{
    return {.key = std::move(key), .size = size, .inode = 12, .mtimeNs = 34};
}

FileChange removed(std::string key)
{
    return {.kind = FileChange::Kind::Removed, .key = std::move(key)};
}

json event(EventShape shape, const FileChange& change, std::uint64_t number = 0x65E5A1B2C3D4E5F6)
{
    const std::string text = notificationEvent(shape, change, kContext, kTime, number);
    const json parsed = json::parse(text, nullptr, false);
    EXPECT_FALSE(parsed.is_discarded()) << text;
    return parsed;
}

TEST(S3Event, ofACreatedFileIsThePlatformsRecord)
{
    json actual = event(EventShape::S3, created("in/report 01.csv"));
    json& record = actual["Records"][0];
    EXPECT_EQ(record["responseElements"]["x-amz-request-id"].get<std::string>().size(), 16u);
    EXPECT_EQ(record["s3"]["object"]["eTag"].get<std::string>().size(), 32u);
    record["responseElements"]["x-amz-request-id"] = "ID";
    record["s3"]["object"]["eTag"] = "TAG";
    EXPECT_EQ(actual, json::parse(R"({"Records":[{"eventVersion":"2.1","eventSource":"aws:s3",
        "awsRegion":"us-east-1","eventTime":"2026-03-04T09:15:07.412Z",
        "eventName":"ObjectCreated:Put","userIdentity":{"principalId":"COLDFRAME"},
        "requestParameters":{"sourceIPAddress":"127.0.0.1"},
        "responseElements":{"x-amz-request-id":"ID","x-amz-id-2":"Y29sZGZyYW1l"},
        "s3":{"s3SchemaVersion":"1.0","configurationId":"on-upload",
        "bucket":{"name":"uploads","ownerIdentity":{"principalId":"COLDFRAME"},
                  "arn":"arn:aws:s3:::uploads"},
        "object":{"key":"in/report+01.csv","size":1834,"eTag":"TAG",
                  "sequencer":"0065E5A1B2C3D4E5F6"}}}]})"));
}

TEST(S3Event, ofARemovedFileHasNeitherSizeNorTag)
{
    const json record = event(EventShape::S3, removed("a"))["Records"][0];
    EXPECT_EQ(record["eventName"], "ObjectRemoved:Delete");
    EXPECT_EQ(record["s3"]["object"], json({{"key", "a"}, {"sequencer", "0065E5A1B2C3D4E5F6"}}));
}

TEST(S3Event, tagFollowsWhatTheFileIs)
{
    const auto tag = [](FileChange change, std::uint64_t number) {
        return event(EventShape::S3, change, number)["Records"][0]["s3"]["object"]["eTag"];
    };
    FileChange other = created("a");
    other.mtimeNs++;
    EXPECT_EQ(tag(created("a"), 1), tag(created("a"), 2));
    EXPECT_NE(tag(created("a"), 1), tag(other, 1));
    EXPECT_NE(tag(created("a", 1), 1), tag(created("a", 2), 1));
}

TEST(S3Event, sequencersRiseAlsoWithinOneMoment)
{
    Sequencer sequencer;
    std::string last;
    for (const auto step : {0ns, 0ns, 1ns, 0ns, 1'000'000'000ns, -5'000'000'000ns}) {
        const json parsed = event(EventShape::S3, created("a"), sequencer.next(kTime + step));
        const std::string now = parsed["Records"][0]["s3"]["object"]["sequencer"];
        EXPECT_GT(now, last);
        last = now;
    }
}

struct KeyRow {
    const char* name;
    std::string key, encoded;
};
void PrintTo(const KeyRow& row, std::ostream* out)
{
    *out << row.name;
}
class KeyEncoding : public testing::TestWithParam<KeyRow> { };

TEST_P(KeyEncoding, isThatOfUrls)
{
    EXPECT_EQ(urlEncodedKey(GetParam().key), GetParam().encoded);
    const json parsed = event(EventShape::S3, created(GetParam().key));
    EXPECT_EQ(parsed["Records"][0]["s3"]["object"]["key"], GetParam().encoded);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, KeyEncoding,
    testing::Values(KeyRow{"plain", "a/B-9_.~x", "a/B-9_.~x"}, KeyRow{"space", "a b", "a+b"},
                    KeyRow{"plus", "a+b", "a%2Bb"}, KeyRow{"at", "a@b", "a%40b"},
                    KeyRow{"brackets", "test(1).txt", "test%281%29.txt"},
                    KeyRow{"quotes and newline", "\"\\\n", "%22%5C%0A"},
                    KeyRow{"UTF-8", "ü", "%C3%BC"}, KeyRow{"other bytes", "\xff", "%FF"}));

TEST(EventBridgeEvent, hasThePlainKey)
{
    json actual = event(EventShape::EventBridge, created("in/report \"01\" ü.csv"));
    EXPECT_EQ(actual["id"].get<std::string>().size(), 36u);
    actual["id"] = "ID";
    actual["detail"]["object"]["etag"] = "TAG";
    actual["detail"]["request-id"] = "REQUEST";
    EXPECT_EQ(actual, json::parse(R"({"version":"0","id":"ID","detail-type":"Object Created",
        "source":"aws.s3","account":"000000000000","time":"2026-03-04T09:15:07Z",
        "region":"us-east-1","resources":["arn:aws:s3:::uploads"],"detail":{"version":"0",
        "bucket":{"name":"uploads"},"object":{"key":"in/report \"01\" ü.csv","size":1834,
        "etag":"TAG","sequencer":"0065E5A1B2C3D4E5F6"},"request-id":"REQUEST",
        "requester":"000000000000","source-ip-address":"127.0.0.1","reason":"PutObject"}})"));
    const json gone = event(EventShape::EventBridge, removed("a"));
    EXPECT_EQ(gone["detail-type"], "Object Deleted");
    EXPECT_EQ(gone["detail"]["deletion-type"], "Permanently Deleted");
    EXPECT_FALSE(gone["detail"]["object"].contains("size"));
}

TEST(CloudEvent, hasAllRequiredAttributes)
{
    json actual = event(EventShape::CloudEvents, created("report 01.csv"));
    actual["id"] = "ID";
    EXPECT_EQ(actual, json::parse(R"({"specversion":"1.0","id":"ID","source":"/stores/uploads",
        "type":"coldframe.file.created","subject":"report 01.csv",
        "time":"2026-03-04T09:15:07.412Z","datacontenttype":"application/json",
        "data":{"store":"uploads","key":"report 01.csv","path":"/w/data/report 01.csv",
                "size":1834}})"));
    EXPECT_EQ(event(EventShape::CloudEvents, removed("a"))["type"], "coldframe.file.removed");
}

TEST(Events, ofKeysThatAreNoUtf8AreStillJson)
{
    EXPECT_EQ(event(EventShape::EventBridge, created("a\xff"))["detail"]["object"]["key"],
              "a\ufffd");
    EXPECT_EQ(event(EventShape::CloudEvents, created("a\xff"))["subject"], "a\ufffd");
}

TEST(Events, keepTheirIdsWhenBuiltAgainAndDifferOtherwise)
{
    const auto id = [](const char* key, std::uint64_t number) {
        return event(EventShape::CloudEvents, created(key), number)["id"];
    };
    EXPECT_EQ(id("a", 1), id("a", 1));
    EXPECT_NE(id("a", 1), id("a", 2));
    EXPECT_NE(id("a", 1), id("b", 1));
}

TEST(ContentEvent, isTheTextOfTheFileAsItStands)
{
    for (const char* text :
         {R"({"a": 1, "a": 2})", " [1, 2.50]\n", "\"x\"", "null", "12345678901234567890123"})
        EXPECT_EQ(contentEvent(text, "f").value(), text);
    EXPECT_EQ(contentEvent("\xef\xbb\xbf{}", "f").value(), "{}");
}

struct BadContent {
    const char* name;
    std::string text;
    const char* message;
};
void PrintTo(const BadContent& row, std::ostream* out)
{
    *out << row.name;
}
class NotJson : public testing::TestWithParam<BadContent> { };

TEST_P(NotJson, saysWhere)
{
    const auto refused = contentEvent(GetParam().text, "in/a.json");
    ASSERT_FALSE(refused);
    EXPECT_EQ(describe(refused.error()),
              std::string(GetParam().message)
                  + "; correct the file, or use \"shape\": \"body\" for other text");
}

INSTANTIATE_TEST_SUITE_P(
    Texts, NotJson,
    testing::Values(
        BadContent{"empty", "", "in/a.json:1:1: the file is not JSON: it is empty"},
        BadContent{"blank", " \n", "in/a.json:1:1: the file is not JSON: it is empty"},
        BadContent{"a comma too many", "{\n  \"a\": 1,\n}",
                   "in/a.json:3:1: the file is not JSON: unexpected '}'; expected string literal"},
        BadContent{"CSV", "a,b\n1,2\n",
                   "in/a.json:1:1: the file is not JSON: invalid literal; last read: 'a'"},
        BadContent{"cut off", "{\"a\": [1,",
                   "in/a.json:1:10: the file is not JSON: unexpected end of input; expected '[', "
                   "'{', or a literal"},
        BadContent{"two values", "{}\n{}",
                   "in/a.json:2:1: the file is not JSON: unexpected '{'; expected end of input"}));

TEST(BodyEvent, holdsTextOrBase64)
{
    EXPECT_EQ(bodyEvent("a \"b\"\n"), R"({"body": "a \"b\"\n", "isBase64Encoded": false})");
    EXPECT_EQ(bodyEvent(""), R"({"body": "", "isBase64Encoded": false})");
    EXPECT_EQ(bodyEvent("\xff"), R"({"body": "/w==", "isBase64Encoded": true})");
    EXPECT_EQ(bodyEvent("\xff\xfe"), R"({"body": "//4=", "isBase64Encoded": true})");
    EXPECT_EQ(bodyEvent("\xff\xfe\xfd"), R"({"body": "//79", "isBase64Encoded": true})");
}

TEST(FileEvent, readsRealFiles)
{
    const TemporaryFolder folder;
    const FileEventContext context{.trigger = "t", .store = "s", .folder = folder.path()};
    writeFile(folder / "a.json", "{\"x\": 1}");
    const auto build = [&](EventShape shape, const FileChange& change, std::uint64_t maxBytes) {
        return fileEvent(shape, change, context, kTime, 1, maxBytes);
    };
    EXPECT_EQ(build(EventShape::Content, created("a.json"), 8).value(), "{\"x\": 1}");
    EXPECT_EQ(build(EventShape::Body, created("a.json"), 8).value(),
              R"({"body": "{\"x\": 1}", "isBase64Encoded": false})");
    EXPECT_TRUE(build(EventShape::S3, created("not there"), 0));

    const std::string path = (folder / "a.json").string();
    EXPECT_EQ(
        describe(build(EventShape::Content, created("a.json"), 7).error()),
        path
            + ": the file has 8 bytes; an event holds at most 7; use \"shape\": \"s3\", which "
              "hands over the key, and read the file in the function");
    EXPECT_EQ(build(EventShape::Content, created("a.json"), 7).error().code,
              Error::Code::LimitReached);
    EXPECT_EQ(build(EventShape::Content, created("gone"), 7).error().code, Error::Code::Missing);
    EXPECT_EQ(build(EventShape::Body, created("."), 7).error().code, Error::Code::Io);
    EXPECT_EQ(describe(build(EventShape::Content, removed("a.json"), 7).error()),
              path
                  + ": the file was removed, so its content cannot be the event; use \"shape\": "
                    "\"s3\" in a trigger that hears of removed files");
}

TEST(FileEvent, tenThousandAreBuiltInWellUnderASecond)
{
    const TemporaryFolder folder;
    const FileEventContext context{.trigger = "t", .store = "s", .folder = folder.path()};
    writeFile(folder / "a.json", std::string(1000, ' ') + "{}");
    for (const EventShape shape : {EventShape::S3, EventShape::Content}) {
        const auto began = std::chrono::steady_clock::now();
        for (std::uint64_t i = 0; i < 10'000; ++i)
            ASSERT_TRUE(fileEvent(shape, created("a.json"), context, kTime, i, 1 << 20));
        const auto took = std::chrono::steady_clock::now() - began;
        RecordProperty(shape == EventShape::S3 ? "s3_us" : "content_us",
                       fmt::format("{:.1f}", toMilliseconds(took) / 10));
        EXPECT_LT(took, 5s); // about 30 ms and 100 ms; generous for a busy machine
    }
}

TEST(Matches, prefixAndSuffixOfTheKeyAndTheKind)
{
    FileTrigger trigger;
    EXPECT_TRUE(matches(trigger, "any/thing"));
    trigger.prefix = "in/";
    trigger.suffix = ".json";
    EXPECT_TRUE(matches(trigger, "in/a.json"));
    EXPECT_TRUE(matches(trigger, "in/.json"));
    EXPECT_FALSE(matches(trigger, "out/in/a.json"));
    EXPECT_FALSE(matches(trigger, "in/a.JSON"));
    EXPECT_TRUE(matches(trigger, created("in/a.json")));
    EXPECT_FALSE(matches(trigger, removed("in/a.json")));
    trigger.onRemoved = true;
    trigger.onCreated = false;
    EXPECT_TRUE(matches(trigger, removed("in/a.json")));
    EXPECT_FALSE(matches(trigger, created("in/a.json")));
}

TEST(ScheduledEvent, isThePlatforms)
{
    json actual = json::parse(scheduledEvent("every-quarter", kTime));
    EXPECT_EQ(actual["id"].get<std::string>().size(), 36u);
    actual["id"] = "ID";
    EXPECT_EQ(actual, json::parse(R"({"version":"0","id":"ID","detail-type":"Scheduled Event",
        "source":"aws.events","account":"000000000000","time":"2026-03-04T09:15:07Z",
        "region":"us-east-1",
        "resources":["arn:aws:events:us-east-1:000000000000:rule/every-quarter"],"detail":{}})"));
}

} // namespace
