#include <string>

#include <gmock/gmock.h>

#include "interop/function_name.h"
#include "interop/invoke_route.h"

namespace coldframe::interop {
namespace {

struct Row {
    const char* row;
    std::string text, name, qualifier;
};

class FunctionNames : public testing::TestWithParam<Row> { };

TEST_P(FunctionNames, areUnderstood)
{
    const auto function = parseFunctionName(GetParam().text);
    ASSERT_TRUE(function);
    EXPECT_EQ(function->name, GetParam().name);
    EXPECT_EQ(function->qualifier, GetParam().qualifier);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, FunctionNames,
    testing::Values(
        Row{"name", "resize", "resize", ""}, Row{"version", "resize:7", "resize", "7"},
        Row{"latest", "resize:$LATEST", "resize", "$LATEST"},
        Row{"alias", "re-size_2:live", "re-size_2", "live"},
        Row{"partialArn", "123456789012:function:resize", "resize", ""},
        Row{"partialArnWithAlias", "123456789012:function:resize:live", "resize", "live"},
        Row{"arn", "arn:aws:lambda:eu-west-1:123456789012:function:resize", "resize", ""},
        Row{"arnWithVersion", "arn:aws:lambda:eu-west-1:123456789012:function:resize:$LATEST",
            "resize", "$LATEST"},
        Row{"arnOfAnotherPartition", "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f",
            "f", ""}),
    [](const auto& row) { return row.param.row; });

TEST(FunctionNamesRefused, whateverElseIsWritten)
{
    for (const char* text :
         {"", ":", "a:", ":a", "a:b:c", "a b", "a/b", "123:function:f", "123456789012:layer:f",
          "123456789012:function:", "arn:aws:s3:eu-west-1:123456789012:function:f",
          "arn:aws:lambda:eu-west-1:123456789012:function:f:1:2",
          "arn:aws:lambda:eu-west-1:123456789012:function:f:1:2:3", "$LATEST"})
        EXPECT_FALSE(parseFunctionName(text)) << text;
}

TEST(FunctionArn, namesTheQualifier)
{
    EXPECT_EQ(functionArn({"f", ""}), "arn:aws:lambda:us-east-1:000000000000:function:f");
    EXPECT_EQ(functionArn({"f", "live"}), "arn:aws:lambda:us-east-1:000000000000:function:f:live");
}

TEST(PercentDecoding, takesWholeEscapesOnly)
{
    EXPECT_EQ(percentDecode("a%3Ab%3ac"), "a:b:c");
    EXPECT_EQ(percentDecode("%24LATEST"), "$LATEST");
    EXPECT_EQ(percentDecode(""), "");
    for (const char* text : {"%", "%4", "a%4", "%zz", "%4g", "%00"})
        EXPECT_EQ(percentDecode(text), std::nullopt) << text;
}

TEST(QueryValues, areFoundByWholeName)
{
    EXPECT_EQ(queryValue("Qualifier=live", "Qualifier"), "live");
    EXPECT_EQ(queryValue("a=1&Qualifier=%24LATEST&b", "Qualifier"), "$LATEST");
    EXPECT_EQ(queryValue("QualifierX=1&XQualifier=2", "Qualifier"), "");
    EXPECT_EQ(queryValue("Qualifier", "Qualifier"), "");
    EXPECT_EQ(queryValue("Qualifier=%2", "Qualifier"), std::nullopt);
}

} // namespace
} // namespace coldframe::interop
