#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "interop/base64.h"

namespace coldframe::interop {
namespace {

struct Row {
    const char* name;
    std::string bytes, text;
};

class Base64 : public testing::TestWithParam<Row> { };

TEST_P(Base64, goesBothWays)
{
    EXPECT_EQ(encodeBase64(GetParam().bytes), GetParam().text);
    EXPECT_EQ(decodeBase64(GetParam().text), GetParam().bytes);
}

// Source: RFC 4648, section 10 (2006-10), but for the last row.
INSTANTIATE_TEST_SUITE_P(Rows, Base64,
                         testing::Values(Row{"nothing", "", ""}, Row{"oneByte", "f", "Zg=="},
                                         Row{"twoBytes", "fo", "Zm8="},
                                         Row{"threeBytes", "foo", "Zm9v"},
                                         Row{"sixBytes", "foobar", "Zm9vYmFy"},
                                         Row{"bytesAboveAscii", "\xff\xfb\x80", "//uA"}),
                         [](const auto& row) { return row.param.name; });

TEST(Base64Decoding, takesMissingPadding)
{
    EXPECT_EQ(decodeBase64("Zg"), "f");
    EXPECT_EQ(decodeBase64("Zm8"), "fo");
}

TEST(Base64Decoding, refusesAnythingElse)
{
    for (const char* text : {"Z", "Zm9vY", "Zm 9", "Zm9v\n", "Zm9*", "====", "Z===", "Zg==Zg=="})
        EXPECT_EQ(decodeBase64(text), std::nullopt) << text;
}

} // namespace
} // namespace coldframe::interop
