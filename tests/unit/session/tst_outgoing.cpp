#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "session/outgoing.h"
#include "session/result_values.h"
#include "session/table_rows.h"

using namespace coldframe;
using namespace coldframe::session;

namespace {

Outgoing sample()
{
    Outgoing outgoing;
    outgoing.function = "resize";
    outgoing.requestId = "00000000-0000-4000-8000-000000000001";
    outgoing.trigger = "on-upload";
    outgoing.sourceKey = "in/a b.png";
    outgoing.condition = "Success";
    outgoing.succeeded = true;
    outgoing.attempts = 1;
    outgoing.acceptedAt
        = TimePoint(std::chrono::sys_days{std::chrono::March / 4 / 2026}.time_since_epoch()
                    + std::chrono::hours(9) + std::chrono::milliseconds(7'412));
    outgoing.endedAt = outgoing.acceptedAt + std::chrono::hours(20);
    outgoing.event = std::make_shared<const std::string>(R"({"id": "e"})");
    outgoing.result = std::make_shared<const std::string>(
        R"({"id": 7, "big": 12345678901234567890, "half": 0.5, "yes": true, "no": null,
            "customer": {"id": "c/1"}, "lines": [{"sku": "x"}]})");
    return outgoing;
}

struct Row {
    const char* key;
    const char* expanded;
};
class Keys : public testing::TestWithParam<Row> { };

TEST_P(Keys, areMadeOfFields)
{
    EXPECT_EQ(keyOf(sample(), {.store = "s", .key = GetParam().key}), GetParam().expanded);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Keys,
    testing::Values(
        // Of the time it was accepted, so that an event delivered again gets the same key.
        Row{"dt={date}/hour={hour}/{requestId}.json",
            "dt=2026-03-04/hour=09/00000000-0000-4000-8000-000000000001.json"},
        Row{"{year}{month}{day}T{hour}{minute}", "20260304T0900"},
        Row{"{time}", "2026-03-04T09:00:07.412Z"},
        Row{"{function}-{trigger}-{condition}", "resize-on-upload-Success"},
        Row{"{sourceKey}/{source.name}", "in%2Fa b.png/a b.png"},
        Row{"{payload.id}/{payload.big}/{payload.half}/{payload.yes}",
            "7/12345678901234567890/0.5/true"},
        Row{"{payload.customer.id}/{payload.lines.0.sku}", "c%2F1/x"},
        Row{"{payload.no}/{payload.lines}/{payload.customer}/{payload.lines.1.sku}/{payload.id.x}",
            "none/none/none/none/none"},
        Row{"{record.requestContext.approximateInvokeCount}", "1"}));

TEST(Keys, nameTheSourceWhenNothingIsSaid)
{
    EXPECT_EQ(keyOf(sample(), {.store = "s"}), "in/a b.png.json");
}

TEST(Keys, ofAFailureLookIntoItsEvent)
{
    Outgoing failure = sample();
    failure.succeeded = false;
    EXPECT_EQ(keyOf(failure, {.store = "s", .key = "{payload.id}"}), "e");
    failure.sourceKey.clear();
    EXPECT_EQ(keyOf(failure, {.store = "s", .key = "{sourceKey|by hand}"}), "by hand");
    failure.event = std::make_shared<const std::string>("no JSON");
    EXPECT_EQ(keyOf(failure, {.store = "s", .key = "{payload.id}"}), "none");
}

TEST(Content, isAsItEverWas)
{
    Outgoing outgoing = sample();
    EXPECT_EQ(contentOf(outgoing, {}), *outgoing.result);
    outgoing.succeeded = false;
    outgoing.errorType = "ValueError";
    outgoing.condition = "RetriesExhausted";
    EXPECT_EQ(contentOf(outgoing, Content::Payload), *outgoing.event);
    const auto record = nlohmann::json::parse(contentOf(outgoing, {}));
    EXPECT_EQ(record["requestPayload"]["id"], "e");
    EXPECT_EQ(record["responsePayload"]["id"], 7);
    EXPECT_EQ(record["responseContext"]["functionError"], "Unhandled");
    EXPECT_EQ(record["requestContext"]["condition"], "RetriesExhausted");
    EXPECT_EQ(record["timestamp"], "2026-03-05T05:00:07.412Z");
}

TEST(Content, isOneLine)
{
    EXPECT_EQ(oneLine("{\n  \"a\": \"b\\nc\",\r\n  \"n\": 1.0\n}"),
              "{   \"a\": \"b\\nc\",    \"n\": 1.0 }");
    EXPECT_EQ(oneLine("no\nJSON"), R"("no\nJSON")");
}

tables::Row rowOf(const Outgoing& outgoing, std::vector<TableColumn> columns)
{
    const auto rows = rowsOf(outgoing, {"s", "t", std::move(columns), {}});
    EXPECT_EQ(rows->size(), 1u);
    return rows->empty() ? tables::Row() : rows->front();
}

TEST(Rows, haveTheTypesOfTheirFields)
{
    EXPECT_EQ(rowOf(sample(),
                    {{"a", "payload.id"},
                     {"b", "payload.half"},
                     {"c", "payload.yes"},
                     {"d", "payload.no"},
                     {"e", "payload.customer"},
                     {"f", "payload.big"},
                     {"g", "requestId"},
                     {"h", "index"},
                     {"i", "record.requestContext.condition"}}),
              (tables::Row{std::int64_t{7}, 0.5, std::int64_t{1}, std::monostate(),
                           R"({"id":"c/1"})", "12345678901234567890",
                           "00000000-0000-4000-8000-000000000001", std::int64_t{0}, "Success"}));
}

TEST(Rows, areTheElementsOfAList)
{
    Outgoing outgoing = sample();
    outgoing.result = std::make_shared<const std::string>(R"([{"id": 1}, {"id": 2}, 3])");
    const auto rows = rowsOf(outgoing, {"s", "t", {{"n", "index"}, {"id", "payload.id"}}, {"n"}});
    EXPECT_EQ(*rows,
              (std::vector<tables::Row>{{std::int64_t{0}, std::int64_t{1}},
                                        {std::int64_t{1}, std::int64_t{2}},
                                        {std::int64_t{2}, std::monostate()}}));
    EXPECT_EQ(rowOf(outgoing, {{"all", "record.responsePayload.1.id"}}),
              (tables::Row{std::int64_t{2}}));
    const auto refused = rowsOf(outgoing, {"s", "t", {{"id", "payload.id"}}, {"id"}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "table \"t\": row 3 has no payload.id, which the key column \"id\" needs");
    outgoing.result = std::make_shared<const std::string>("[]");
    EXPECT_TRUE(rowsOf(outgoing, {"s", "t", {{"id", "payload.id"}}, {"id"}})->empty());
}

} // namespace
