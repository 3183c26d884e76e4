// Requests about several messages at once: what fails them as a whole, and what only one entry.

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "sqs/answers.h"
#include "sqs/command.h"

using namespace coldframe::sqs;
using nlohmann::json;
using testing::HasSubstr;

namespace {

struct Batch {
    const char *action, *entry;
    json good; ///< an entry without its id
};
const Batch kBatches[]{
    {"SendMessageBatch", "SendMessageBatchRequestEntry", {{"MessageBody", "x"}}},
    {"DeleteMessageBatch", "DeleteMessageBatchRequestEntry", {{"ReceiptHandle", "h"}}},
    {"ChangeMessageVisibilityBatch",
     "ChangeMessageVisibilityBatchRequestEntry",
     {{"ReceiptHandle", "h"}, {"VisibilityTimeout", 1}}},
};

Expected<Command> read(const Batch& batch, json entries)
{
    return readCommand(
        batch.action,
        {{"QueueUrl", "http://127.0.0.1/000000000000/parts"}, {"Entries", std::move(entries)}});
}

json entries(const Batch& batch, const std::vector<std::string>& ids)
{
    json list = json::array();
    for (const std::string& id : ids) {
        list.push_back(batch.good);
        list.back()["Id"] = id;
    }
    return list;
}

TEST(SqsBatches, failAsAWhole)
{
    for (const Batch& batch : kBatches) {
        std::vector<std::string> eleven;
        for (int i = 0; i < 11; ++i)
            eleven.push_back(std::to_string(i));
        const std::pair<json, std::string> rows[]{
            {json(), "EmptyBatchRequest"},
            {json::array(), "EmptyBatchRequest"},
            {entries(batch, eleven), "TooManyEntriesInBatchRequest"},
            {entries(batch, {"a", ""}), "InvalidBatchEntryId"},
            {entries(batch, {"a", "b:c"}), "InvalidBatchEntryId"},
            {entries(batch, {std::string(81, 'a')}), "InvalidBatchEntryId"},
            {json::array({batch.good}), "InvalidBatchEntryId"},
            {entries(batch, {"a", "b", "a"}), "BatchEntryIdsNotDistinct"},
        };
        for (const auto& [list, name] : rows) {
            const auto command = read(batch, list);
            ASSERT_FALSE(command) << list;
            EXPECT_EQ(command.error().code, "AWS.SimpleQueueService." + name) << list;
            EXPECT_EQ(command.error().shape, "com.amazonaws.sqs#" + name) << list;
        }
        EXPECT_EQ(read(batch, json::array()).error().message,
                  std::string("There should be at least one ") + batch.entry + " in the request.");
        EXPECT_EQ(read(batch, entries(batch, eleven)).error().message,
                  "Maximum number of entries per request are 10. You have sent 11.");
        EXPECT_EQ(read(batch, entries(batch, {"a", "a"})).error().message, "Id a repeated.");
        for (const json& none : {json("x"), json(1), json::object(), json::array({1})})
            EXPECT_EQ(read(batch, none).error().code, "MalformedInput") << none;
        EXPECT_TRUE(read(batch, entries(batch, {"a", std::string(80, 'b'), "A-_9"})));
    }
}

TEST(SqsBatches, oneEntryFailsAlone)
{
    json list = entries(kBatches[0], {"a", "b", "c"});
    list[1]["MessageBody"] = std::string("x\0", 2);
    list[2]["DelaySeconds"] = 1000;
    const auto command = read(kBatches[0], list);
    ASSERT_TRUE(command);
    const auto& send = std::get<SendMessages>(*command);
    ASSERT_EQ(send.entries.size(), 3U);
    EXPECT_TRUE(send.entries[0].content);
    EXPECT_EQ(send.entries[1].id, "b");
    EXPECT_EQ(send.entries[1].content.error().code, "InvalidMessageContents");
    EXPECT_EQ(send.entries[2].content.error().code, "InvalidParameterValue");
}

TEST(SqsBatches, sizeIsThatOfAll)
{
    json list = entries(kBatches[0], {"a", "b"});
    list[0]["MessageBody"] = std::string(1'048'575, 'x');
    EXPECT_TRUE(read(kBatches[0], list));
    list[1]["MessageBody"] = "xy";
    const auto tooLong = read(kBatches[0], list);
    ASSERT_FALSE(tooLong);
    EXPECT_EQ(tooLong.error().code, "AWS.SimpleQueueService.BatchRequestTooLong");
    EXPECT_EQ(tooLong.error().message,
              "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.");
    list = entries(kBatches[0], {"a"});
    list[0]["MessageBody"] = std::string(1'048'577, 'x');
    EXPECT_EQ(read(kBatches[0], list).error().code, "AWS.SimpleQueueService.BatchRequestTooLong");
}

TEST(SqsBatches, answers)
{
    const EntryResults results{{"a", nlohmann::ordered_json{{"MessageId", "1"}}},
                               {"b", tl::unexpected(missingParameter("MessageBody"))},
                               {"c", tl::unexpected(internalError("x"))}};
    EXPECT_EQ(batchResult(results).dump(),
              R"({"Successful":[{"Id":"a","MessageId":"1"}],"Failed":[{"Id":"b",)"
              R"("SenderFault":true,"Code":"MissingParameter","Message":"The request must contain )"
              R"(the parameter MessageBody."},{"Id":"c","SenderFault":false,)"
              R"("Code":"InternalFailure","Message":"x"}]})");
    EXPECT_EQ(batchResult({{"a", nlohmann::ordered_json::object()}}).dump(),
              R"({"Successful":[{"Id":"a"}]})");
}

} // namespace
