#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sources/row_event.h"

namespace coldframe::sources {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

RowChange orderChange(RowChange::Kind kind)
{
    RowChange change{.kind = kind, .sequence = 17, .table = "orders"};
    change.at = TimePoint(1'772'615'707'412ms);
    change.columns = std::make_shared<const RowColumns>(
        RowColumns{{"pk", true}, {"qty", false}, {"note", false}});
    if (kind != RowChange::Kind::Insert)
        change.oldRow = {std::string("order#17"), std::int64_t{3}, Null{}};
    if (kind != RowChange::Kind::Remove)
        change.newRow = {std::string("order#17"), std::int64_t{4}, Blob{std::string("\0\1", 2)}};
    return change;
}

RowEventContext context()
{
    return {.origin = {.region = "eu-west-1"},
            .streamSince = TimePoint(1'772'614'800'000ms)}; // 2026-03-04T09:00:00
}

TEST(RowEvent, aModificationHasTheShapeOfAStreamsRecord)
{
    const json record
        = json::parse(dynamoDbRecord(orderChange(RowChange::Kind::Modify), context()));
    const json expected = json::parse(R"({"eventID": "", "eventName": "MODIFY",
        "eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "eu-west-1",
        "dynamodb": {"ApproximateCreationDateTime": 1772615707.0, "Keys": {"pk": {"S": "order#17"}},
            "NewImage": {"pk": {"S": "order#17"}, "qty": {"N": "4"}, "note": {"B": "AAE="}},
            "OldImage": {"pk": {"S": "order#17"}, "qty": {"N": "3"}, "note": {"NULL": true}},
            "SequenceNumber": "100000000000000000017", "SizeBytes": 51,
            "StreamViewType": "NEW_AND_OLD_IMAGES"},
        "eventSourceARN":
            "arn:aws:dynamodb:eu-west-1:000000000000:table/orders/stream/2026-03-04T09:00:00.000"})");
    json without = record;
    without["eventID"] = "";
    EXPECT_EQ(without, expected) << record.dump(1);
    EXPECT_EQ(record["eventID"].get<std::string>().size(), 32u);
    EXPECT_EQ(record.dump(),
              json::parse(dynamoDbRecord(orderChange(RowChange::Kind::Modify), context())).dump())
        << "the same again, so that what comes twice can be told";
}

TEST(RowEvent, imagesFollowTheKindOfChangeAndTheView)
{
    const auto images = [](RowChange::Kind kind, StreamView view) {
        RowEventContext with = context();
        with.view = view;
        const json record = json::parse(dynamoDbRecord(orderChange(kind), with));
        return record["eventName"].get<std::string>()
            + (record["dynamodb"].contains("OldImage") ? " old" : "")
            + (record["dynamodb"].contains("NewImage") ? " new" : "") + ' '
            + record["dynamodb"]["StreamViewType"].get<std::string>() + ' '
            + record["dynamodb"]["Keys"].dump();
    };
    using Kind = RowChange::Kind;
    const std::string key = R"( {"pk":{"S":"order#17"}})";
    EXPECT_EQ(images(Kind::Insert, StreamView::NewAndOldImages),
              "INSERT new NEW_AND_OLD_IMAGES" + key);
    EXPECT_EQ(images(Kind::Remove, StreamView::NewAndOldImages),
              "REMOVE old NEW_AND_OLD_IMAGES" + key);
    EXPECT_EQ(images(Kind::Modify, StreamView::NewImage), "MODIFY new NEW_IMAGE" + key);
    EXPECT_EQ(images(Kind::Modify, StreamView::OldImage), "MODIFY old OLD_IMAGE" + key);
    EXPECT_EQ(images(Kind::Remove, StreamView::NewImage), "REMOVE NEW_IMAGE" + key);
    EXPECT_EQ(images(Kind::Modify, StreamView::KeysOnly), "MODIFY KEYS_ONLY" + key);
}

TEST(RowEvent, valuesAreTypedAndExact)
{
    const std::pair<RowValue, const char*> values[]
        = {{Null{}, R"({"NULL":true} null)"},
           {true, R"({"BOOL":true} true)"},
           {INT64_MIN, R"({"N":"-9223372036854775808"} -9223372036854775808)"},
           {0.1, R"({"N":"0.1"} 0.1)"},
           {1.0 / 3, R"({"N":"0.3333333333333333"} 0.3333333333333333)"},
           {1e300, R"({"N":"1e+300"} 1e+300)"},
           {HUGE_VAL, R"({"S":"Infinity"} "Infinity")"},
           {-HUGE_VAL, R"({"S":"-Infinity"} "-Infinity")"},
           {Decimal{"12345678901234567890.10"},
            R"({"N":"12345678901234567890.10"} 12345678901234567890.10)"},
           {Decimal{"NaN"}, R"({"S":"NaN"} "NaN")"},
           {std::string("a\"\n\0b", 5), R"({"S":"a\"\n\u0000b"} "a\"\n\u0000b")"},
           {std::string("\xff\xfe"), R"({"B":"//4="} {"base64":"//4="})"},
           {Blob{"\xff"}, R"({"B":"/w=="} {"base64":"/w=="})"},
           {Blob{}, R"({"B":""} {"base64":""})"}};
    for (const auto& [value, expected] : values)
        EXPECT_EQ(attributeValue(value) + ' ' + plainValue(value), expected);
}

TEST(RowEvent, sizesFollowTheRulesOfItems)
{
    const std::pair<RowValue, std::size_t> values[]
        = {{Null{}, 1},          {false, 1},
           {std::int64_t{4}, 2}, {std::int64_t{1234}, 3},
           {0.001, 2},           {std::string("é"), 2},
           {Blob{"abc"}, 3},     {Untold{}, 0}};
    for (const auto& [value, expected] : values)
        EXPECT_EQ(attributeSize(value), expected) << attributeValue(value);
}

TEST(RowEvent, plainRowsAndBatches)
{
    const std::string insert = rowRecord(orderChange(RowChange::Kind::Insert));
    EXPECT_EQ(insert,
              R"({"op":"insert","table":"orders","sequence":"100000000000000000017",)"
              R"("key":{"pk":"order#17"},"old":null,)"
              R"("new":{"pk":"order#17","qty":4,"note":{"base64":"AAE="}}})");
    const std::string remove = rowRecord(orderChange(RowChange::Kind::Remove));
    EXPECT_EQ(remove,
              R"({"op":"remove","table":"orders","sequence":"100000000000000000017",)"
              R"("key":{"pk":"order#17"},)"
              R"("old":{"pk":"order#17","qty":3,"note":null},"new":null})");
    EXPECT_EQ(json::parse(rowBatch({insert, remove})).size(), 2u);
    EXPECT_EQ(rowBatch({}), "[]");
    EXPECT_EQ(dynamoDbBatch({}), R"({"Records":[]})");
    EXPECT_EQ(json::parse(dynamoDbBatch({insert, remove}))["Records"].size(), 2u);
}

TEST(RowEvent, whatTheDatabaseDidNotTellIsLeftOutAndNamesAreEscaped)
{
    RowChange change = orderChange(RowChange::Kind::Modify);
    change.table = "a\"b";
    change.oldRow = {std::string("order#17"), Untold{}, Untold{}};
    const json record = json::parse(dynamoDbRecord(change, context()));
    EXPECT_EQ(record["dynamodb"]["OldImage"].dump(), R"({"pk":{"S":"order#17"}})");
    EXPECT_EQ(json::parse(rowRecord(change))["old"].dump(), R"({"pk":"order#17"})");
    EXPECT_EQ(json::parse(rowRecord(change))["table"], "a\"b");
}

TEST(RowEvent, numbersOfRecordsRiseAsTextAndTellTablesApart)
{
    RowChange small = orderChange(RowChange::Kind::Insert), large = small, other = small;
    small.sequence = 9, large.sequence = 1'764'257'865'000'010;
    EXPECT_LT(sequenceNumber(small), sequenceNumber(large));
    EXPECT_EQ(sequenceNumber(large).size(), 21u);
    other.table = "customers";
    const auto id = [](const RowChange& change) {
        return json::parse(dynamoDbRecord(change, context()))["eventID"].get<std::string>();
    };
    EXPECT_NE(id(orderChange(RowChange::Kind::Insert)), id(other));
    EXPECT_NE(id(small), id(large));
}

} // namespace
} // namespace coldframe::sources
