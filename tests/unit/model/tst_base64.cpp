#include <random>

#include <gtest/gtest.h>

#include "model/base64.h"

using namespace coldframe;

namespace {

struct Row {
    std::string_view bytes, text;
};
/// RFC 4648, section 10, and bytes that need the whole alphabet.
constexpr Row kRows[]{
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {{"\0", 1}, "AA=="},
    {{"\xfb\xef\xff", 3}, "++//"},
};

TEST(Base64, bothWays)
{
    for (const Row& row : kRows) {
        EXPECT_EQ(toBase64(row.bytes), row.text);
        EXPECT_EQ(fromBase64(row.text), row.bytes) << row.text;
    }
}

TEST(Base64, whatIsNone)
{
    using namespace std::string_view_literals;
    for (const std::string_view none :
         {"Z"sv, "Zg"sv, "Zg="sv, "Zg==="sv, "Z==="sv, "===="sv, "Zg=A"sv, "Z=g="sv, "Zm9v\n"sv,
          "Zm 9"sv, "Zm9-"sv, "Zm_v"sv, "Zm9\0"sv, "Zm9\xff"sv, "Zh=="sv, "Zm9="sv})
        EXPECT_EQ(fromBase64(none), std::nullopt) << none;
}

TEST(Base64, whatMayComeWithoutPadding)
{
    for (const Row& row : kRows) {
        const std::string_view bare = row.text.substr(0, row.text.find('='));
        EXPECT_EQ(fromBase64(bare, Padding::Optional), row.bytes) << bare;
        EXPECT_EQ(fromBase64(row.text, Padding::Optional), row.bytes) << row.text;
    }
    for (const std::string_view none : {"Z", "Zm9vY", "Zg=", "Zg===", "Zm 9", "Zm9v\n", "Zh"})
        EXPECT_EQ(fromBase64(none, Padding::Optional), std::nullopt) << none;
}

TEST(Base64, randomBytes)
{
    std::mt19937 random(7);
    for (std::size_t size = 0; size < 300; ++size) {
        std::string bytes;
        while (bytes.size() < size)
            bytes += static_cast<char>(random());
        EXPECT_EQ(fromBase64(toBase64(bytes)), bytes);
    }
}

} // namespace
