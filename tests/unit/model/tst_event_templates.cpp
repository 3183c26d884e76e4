#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "model/json_text.h"
#include "sources/file_event.h"
#include "temporary_folder.h"

namespace coldframe::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kEvents = fs::path(COLDFRAME_SOURCE_DIR) / "resources" / "events";

json load(const std::string& file)
{
    return json::parse(readFile(kEvents / file));
}

TEST(EventTemplates, TheIndexNamesEveryFileAndNoOther)
{
    std::set<std::string> onDisk, listed;
    for (const auto& entry : fs::directory_iterator(kEvents))
        if (entry.path().filename() != "index.json" && entry.path().filename() != "shapes.json")
            onDisk.insert(entry.path().filename().string());
    const json index = load("index.json");
    for (const json& entry : index.at("templates")) {
        EXPECT_FALSE(entry.at("title").get<std::string>().empty());
        EXPECT_FALSE(entry.at("description").get<std::string>().empty());
        EXPECT_FALSE(entry.at("group").get<std::string>().empty());
        EXPECT_TRUE(listed.insert(entry.at("file").get<std::string>()).second);
    }
    EXPECT_EQ(onDisk, listed);
    EXPECT_EQ(listed.size(), 24u);
}

TEST(EventTemplates, AreJsonByOurParser)
{
    for (const auto& entry : fs::directory_iterator(kEvents)) {
        const Result<JsonText> parsed
            = parseJson(readFile(entry.path()), entry.path().filename().string());
        EXPECT_TRUE(parsed) << describe(parsed.error());
    }
}

std::string md5Of(const std::string& text)
{
    const TemporaryFolder folder;
    const std::string command = "md5sum < " + folder.write("body", text).string();
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
    std::array<char, 33> digest{};
    if (!pipe || !std::fgets(digest.data(), digest.size(), pipe.get()))
        return {};
    return digest.data();
}

TEST(EventTemplates, SqsHasTextsWhereTheServiceHasThem)
{
    for (const char* file : {"sqs.json", "sqs-s3.json", "sqs-sns.json"})
        for (const json& record : load(file).at("Records")) {
            EXPECT_EQ(record.at("md5OfBody"), md5Of(record.at("body"))) << file;
            EXPECT_TRUE(json::accept(record.at("body").get<std::string>())) << file;
            for (const auto& [key, value] : record.at("attributes").items())
                EXPECT_TRUE(value.is_string()) << key;
        }
    EXPECT_EQ(load("sqs.json").at("Records").size(), 2u); // a batch
}

TEST(EventTemplates, S3FollowsItsRules)
{
    const json put = load("s3-put.json").at("Records").at(0);
    EXPECT_EQ(put.at("eventVersion"), "2.1");
    EXPECT_EQ(put.at("eventName"), "ObjectCreated:Put"); // no "s3:" in front
    const json& object = put.at("s3").at("object");
    EXPECT_EQ(object.at("key").get<std::string>().find(' '), std::string::npos);
    EXPECT_TRUE(object.at("size").is_number_unsigned());
    const json gone = load("s3-delete.json").at("Records").at(0);
    EXPECT_EQ(gone.at("eventName"), "ObjectRemoved:Delete");
    EXPECT_FALSE(gone.at("s3").at("object").contains("size"));
    EXPECT_FALSE(gone.at("s3").at("object").contains("eTag"));
}

TEST(EventTemplates, ChainedOnesHoldTheWholeInnerEvent)
{
    const json put = load("s3-put.json");
    EXPECT_EQ(json::parse(load("sqs-s3.json").at("Records").at(0).at("body").get<std::string>()),
              put);
    EXPECT_EQ(json::parse(load("sns-s3.json")
                              .at("Records")
                              .at(0)
                              .at("Sns")
                              .at("Message")
                              .get<std::string>()),
              put);
    const json inner
        = json::parse(load("sqs-sns.json").at("Records").at(0).at("body").get<std::string>());
    EXPECT_EQ(inner.at("Type"), "Notification");
    EXPECT_TRUE(inner.contains("SigningCertURL")); // in SQS it is URL, in Lambda's event Url
    EXPECT_FALSE(inner.contains("SigningCertUrl"));
}

TEST(EventTemplates, ChangesOfAnItemHaveTheImagesOfTheirKind)
{
    const auto image = [](const char* file, const char* which) {
        return load(file).at("Records").at(0).at("dynamodb").contains(which);
    };
    EXPECT_TRUE(image("dynamodb-insert.json", "NewImage"));
    EXPECT_FALSE(image("dynamodb-insert.json", "OldImage"));
    EXPECT_TRUE(image("dynamodb-stream.json", "NewImage"));
    EXPECT_TRUE(image("dynamodb-stream.json", "OldImage"));
    EXPECT_FALSE(image("dynamodb-remove.json", "NewImage"));
    EXPECT_TRUE(image("dynamodb-remove.json", "OldImage"));
}

/// Objects have the same keys, and values the same types, at every level.
void expectSameKeys(const json& shipped, const json& produced, const std::string& where)
{
    EXPECT_EQ(shipped.type(), produced.type()) << where;
    if (!shipped.is_object() || !produced.is_object())
        return;
    std::set<std::string> theirs, ours;
    for (const auto& [key, value] : shipped.items())
        theirs.insert(key);
    for (const auto& [key, value] : produced.items())
        ours.insert(key);
    EXPECT_EQ(theirs, ours) << where;
    for (const std::string& key : theirs)
        if (ours.contains(key))
            expectSameKeys(shipped.at(key), produced.at(key), where + '/' + key);
}

TEST(EventTemplates, ThoseOfFilesAreShapedAsFileTriggersSendThem)
{
    sources::FileEventContext context;
    context.store = "uploads";
    context.folder = "/srv/uploads";
    for (const bool created : {true, false}) {
        sources::FileChange change;
        change.key = "greenhouse/seed list.csv";
        change.size = 14;
        change.kind = created ? sources::FileChange::Kind::Created
                              : sources::FileChange::Kind::Removed;
        const auto produced = [&](EventShape shape) {
            return json::parse(sources::notificationEvent(shape, change, context, TimePoint{}, 1));
        };
        const std::string s3 = created ? "s3-put.json" : "s3-delete.json";
        expectSameKeys(load(s3).at("Records").at(0),
                       produced(EventShape::S3).at("Records").at(0), s3);
        const std::string bus
            = created ? "eventbridge-s3-created.json" : "eventbridge-s3-deleted.json";
        expectSameKeys(load(bus), produced(EventShape::EventBridge), bus);
        const std::string cloud
            = created ? "cloudevents-file-created.json" : "cloudevents-file-removed.json";
        expectSameKeys(load(cloud), produced(EventShape::CloudEvents), cloud);
        EXPECT_EQ(load(cloud).at("type"), produced(EventShape::CloudEvents).at("type"));
    }
    expectSameKeys(load("file-body.json"), json::parse(sources::bodyEvent("x")), "file-body.json");
}

TEST(EventTemplates, TheOthersFollowTheirs)
{
    const json scheduled = load("scheduled.json");
    EXPECT_EQ(scheduled.at("detail-type"), "Scheduled Event");
    EXPECT_EQ(scheduled.at("detail"), json::object());
    EXPECT_EQ(load("eventbridge-custom.json").at("version"), "0");
    const json image = load("dynamodb-stream.json").at("Records").at(0).at("dynamodb");
    EXPECT_TRUE(image.at("NewImage").at("plants").at("N").is_string());
    EXPECT_TRUE(image.at("ApproximateCreationDateTime").is_number());
    const json kinesis = load("kinesis.json").at("Records").at(0);
    const std::string sequence = kinesis.at("kinesis").at("sequenceNumber");
    EXPECT_EQ(sequence.size(), 56u);
    EXPECT_EQ(kinesis.at("eventID"), "shardId-000000000000:" + sequence);
    EXPECT_TRUE(load("api-gateway-v1.json").at("stageVariables").is_null());
    const json http = load("api-gateway-v2.json");
    EXPECT_EQ(http.at("version"), "2.0");
    EXPECT_FALSE(http.contains("stageVariables"));
    for (const auto& [key, value] : http.at("headers").items())
        EXPECT_EQ(key.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), std::string::npos) << key;
    const json cloud = load("cloudevents.json");
    EXPECT_EQ(cloud.at("specversion"), "1.0");
    for (const char* required : {"id", "source", "type", "data"})
        EXPECT_TRUE(cloud.contains(required)) << required;
    const json sns = load("sns.json").at("Records").at(0);
    EXPECT_EQ(sns.at("EventSource"), "aws:sns");
    EXPECT_EQ(sns.at("Sns").at("Type"), "Notification");
}

} // namespace
} // namespace coldframe::test
