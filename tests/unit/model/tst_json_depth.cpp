#include "model/json_depth.h"

#include <string>

#include <gtest/gtest.h>

using namespace coldframe;

namespace {

std::string nested(int depth)
{
    return std::string(static_cast<std::size_t>(depth), '[')
        + std::string(static_cast<std::size_t>(depth), ']');
}

TEST(JsonDepth, countsListsAndObjectsAlike)
{
    EXPECT_FALSE(isDeeperThan(3, R"([{"a": 1}, {"b": []}])"));
    EXPECT_TRUE(isDeeperThan(2, R"([{"a": 1}, {"b": []}])"));
    EXPECT_FALSE(isDeeperThan(0, "17"));
    EXPECT_TRUE(isDeeperThan(0, "{}"));
}

TEST(JsonDepth, bracketsInTextsAreNone)
{
    EXPECT_FALSE(isDeeperThan(1, R"({"[[[[": "{{\"[[\\"})"));
    EXPECT_TRUE(isDeeperThan(1, R"({"a\\": [1]})"));
}

TEST(JsonDepth, hasTheLimitOfOurOwnReader)
{
    EXPECT_FALSE(isTooDeep(nested(kMaxJsonDepth)));
    EXPECT_TRUE(parseJson(nested(kMaxJsonDepth), {}));
    EXPECT_TRUE(isTooDeep(nested(kMaxJsonDepth + 1)));
    EXPECT_FALSE(parseJson(nested(kMaxJsonDepth + 1), {}));
}

TEST(JsonDepth, takesAnyText)
{
    for (const char* text : {"", "\"", "]]]]", "\"\\", "[\"", "}{}{}{"})
        EXPECT_FALSE(isTooDeep(text)) << text;
}

} // namespace
