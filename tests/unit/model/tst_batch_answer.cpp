#include <gtest/gtest.h>

#include "model/batch_answer.h"

namespace coldframe::test {
namespace {

const std::vector<std::string> kItems{"m-0", "m-1", "m-2"};

/// "ok", "failed 0 2" or "unusable: why".
std::string shown(std::string_view answer)
{
    const BatchAnswer read = readBatchAnswer(answer, kItems);
    switch (read.kind) {
    case BatchAnswer::Kind::AllSucceeded:
        return read.failed.empty() && read.problem.empty() ? "ok" : "confused";
    case BatchAnswer::Kind::Unusable:
        return "unusable: " + read.problem;
    case BatchAnswer::Kind::SomeFailed:
        break;
    }
    std::string text = "failed";
    for (const std::size_t item : read.failed)
        text += " " + std::to_string(item);
    return text;
}

struct Row {
    const char* name;
    const char* answer;
    const char* read;
};
class Answers : public testing::TestWithParam<Row> { };
TEST_P(Answers, areReadAsOnAws)
{
    EXPECT_EQ(shown(GetParam().answer), GetParam().read);
}

// All succeeded.
INSTANTIATE_TEST_SUITE_P(
    BatchAnswer, Answers,
    testing::Values(
        Row{"nothing", "", "ok"}, Row{"null", "null", "ok"}, Row{"emptyString", R"("")", "ok"},
        Row{"emptyObject", "{}", "ok"}, Row{"emptyList", "[]", "ok"},
        Row{"nullFailures", R"({"batchItemFailures": null})", "ok"},
        Row{"emptyFailures", R"({"batchItemFailures": []})", "ok"},
        Row{"emptyTextFailures", R"({"batchItemFailures": ""})", "ok"},
        Row{"anotherAnswer", R"({"statusCode": 200, "body": "done"})", "ok"},
        Row{"spaces", " \n{ }\n", "ok"},

        Row{"one", R"({"batchItemFailures": [{"itemIdentifier": "m-1"}]})", "failed 1"},
        Row{"several",
            R"({"batchItemFailures": [{"itemIdentifier": "m-2"}, {"itemIdentifier": "m-0"}]})",
            "failed 0 2"},
        Row{"oneTwice",
            R"({"batchItemFailures": [{"itemIdentifier": "m-2"}, {"itemIdentifier": "m-2"}]})",
            "failed 2"},
        Row{"all",
            R"({"batchItemFailures":[{"itemIdentifier":"m-0"},{"itemIdentifier":"m-1"},
                {"itemIdentifier":"m-2"}]})",
            "failed 0 1 2"},
        Row{"escaped", "{\"batchItemFailures\": [{\"itemIdentifier\": \"m\\u002d1\"}]}",
            "failed 1"},
        Row{"moreKeys",
            R"({"more": 1, "batchItemFailures": [{"why": "x", "itemIdentifier": "m-1"}]})",
            "failed 1"},

        Row{"wrongKey", R"({"batchItemFailures": [{"foo": "m-1"}]})",
            "unusable: batchItemFailures[0]: has no itemIdentifier"},
        Row{"wrongKeyAfterAGoodOne",
            R"({"batchItemFailures": [{"itemIdentifier": "m-1"}, {"foo": "m-2"}]})",
            "unusable: batchItemFailures[1]: has no itemIdentifier"},
        Row{"emptyId", R"({"batchItemFailures": [{"itemIdentifier": ""}]})",
            "unusable: batchItemFailures[0]: itemIdentifier is empty"},
        Row{"nullId", R"({"batchItemFailures": [{"itemIdentifier": null}]})",
            "unusable: batchItemFailures[0]: itemIdentifier is null"},
        Row{"numberId", R"({"batchItemFailures": [{"itemIdentifier": 1}]})",
            "unusable: batchItemFailures[0]: itemIdentifier is no string"},
        Row{"unknownId", R"({"batchItemFailures": [{"itemIdentifier": "m-3"}]})",
            "unusable: batchItemFailures[0]: the batch has no item \"m-3\""},
        Row{"bareId", R"({"batchItemFailures": ["m-1"]})",
            "unusable: batchItemFailures[0]: is no object"},
        Row{"nullEntry", R"({"batchItemFailures": [null]})",
            "unusable: batchItemFailures[0]: is no object"},
        Row{"noList", R"({"batchItemFailures": "m-1"})", "unusable: batchItemFailures is no list"},
        Row{"objectForList", R"({"batchItemFailures": {"itemIdentifier": "m-1"}})",
            "unusable: batchItemFailures is no list"},
        Row{"trueForList", R"({"batchItemFailures": true})",
            "unusable: batchItemFailures is no list"},
        Row{"text", R"("done")", "unusable: the answer is no object"},
        Row{"number", "3", "unusable: the answer is no object"},
        Row{"list", R"([{"itemIdentifier": "m-1"}])", "unusable: the answer is no object"}),
    [](const auto& row) { return row.param.name; });

TEST(BatchAnswer, whatIsNoJsonFailsTheWholeBatch)
{
    for (const char* text : {"done", "{", R"({"batchItemFailures": [)", "{} {}", "\xff"}) {
        const BatchAnswer read = readBatchAnswer(text, kItems);
        EXPECT_EQ(read.kind, BatchAnswer::Kind::Unusable) << text;
        EXPECT_EQ(read.problem.find("the answer is no JSON: "), 0U) << read.problem;
    }
}

TEST(BatchAnswer, tenThousandItemsAreFoundAtOnce)
{
    std::vector<std::string> items;
    std::string answer = R"({"batchItemFailures": [)";
    for (int i = 0; i < 10'000; ++i) {
        items.push_back("message-" + std::to_string(i));
        answer
            += (i > 0 ? "," : "") + std::string(R"({"itemIdentifier": ")") + items.back() + "\"}";
    }
    EXPECT_EQ(readBatchAnswer(answer + "]}", items).failed.size(), 10'000U);
}

} // namespace
} // namespace coldframe::test
