// Which names, numbers and texts Amazon SQS takes.

#include <gtest/gtest.h>

#include "sqs/message_text.h"
#include "sqs/queue_url.h"

using namespace coldframe::sqs;
using namespace std::string_view_literals;

namespace {

TEST(SqsNames, charactersOfBodies)
{
    for (const std::string_view allowed :
         {""sv, "a"sv, "\t\n\r ~"sv, "\x7f"sv, "grüße €"sv, "😀"sv, "\xed\x9f\xbf"sv /* U+D7FF */,
          "\xee\x80\x80"sv /* U+E000 */, "\xef\xbf\xbd"sv /* U+FFFD */,
          "\xf4\x8f\xbf\xbf"sv /* U+10FFFF */})
        EXPECT_EQ(forbiddenCharacter(allowed), std::nullopt) << allowed;
    struct Row {
        std::string_view text;
        const char* begins;
    };
    const Row rows[]{
        {"\0"sv, "Invalid binary character '#x0' was found at byte 0"},
        {"ab\bc"sv, "Invalid binary character '#x8' was found at byte 2"},
        {"\x1f"sv, "Invalid binary character '#x1F' was found at byte 0"},
        {"ü\xef\xbf\xbe"sv, "Invalid binary character '#xFFFE' was found at byte 2"},
        {"\xef\xbf\xbf"sv, "Invalid binary character '#xFFFF' was found at byte 0"},
        {"\xff"sv, "Byte 0 is no UTF-8"},
        {"a\xc3"sv, "Byte 1 is no UTF-8"},
        {"\xed\xa0\x80"sv, "Byte 0 is no UTF-8"}, // half of a surrogate pair
        {"\xc0\x80"sv, "Byte 0 is no UTF-8"}, // NUL in two bytes
    };
    for (const Row& row : rows) {
        const auto what = forbiddenCharacter(row.text);
        ASSERT_TRUE(what) << row.begins;
        EXPECT_TRUE(what->starts_with(row.begins)) << *what;
    }
}

TEST(SqsNames, names)
{
    const std::string longest(80, 'a');
    for (const std::string_view name : {"a"sv, "A-b_9"sv, std::string_view(longest)})
        EXPECT_TRUE(isEntryId(name) && isQueueName(name)) << name;
    for (const std::string& name : {std::string(), longest + 'a', std::string("a b"),
                                    std::string("a:b"), std::string("ü"), std::string(1, '\0')})
        EXPECT_FALSE(isEntryId(name) || isQueueName(name)) << name;
    EXPECT_TRUE(isQueueName("orders.fifo"));
    EXPECT_FALSE(isEntryId("orders.fifo"));
    EXPECT_FALSE(isQueueName(".fifo"));
    EXPECT_FALSE(isQueueName("a.b.fifo"));
    EXPECT_FALSE(isQueueName(longest.substr(0, 76) + ".fifo"));
    EXPECT_TRUE(isQueueName(longest.substr(0, 75) + ".fifo"));

    EXPECT_TRUE(isFifoId("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~azAZ09"));
    EXPECT_TRUE(isFifoId(std::string(128, 'x')));
    for (const std::string& id : {std::string(), std::string(129, 'x'), std::string("a b"),
                                  std::string("ü"), std::string("\x7f"), std::string(1, '\0')})
        EXPECT_FALSE(isFifoId(id)) << id;

    for (const std::string_view name : {"a"sv, "Help.Me"sv, "_x-1"sv, "aws"sv, "awsx.y"sv})
        EXPECT_TRUE(isAttributeName(name)) << name;
    EXPECT_TRUE(isAttributeName(std::string(256, 'x')));
    for (const std::string_view name : {""sv, ".a"sv, "a."sv, "a..b"sv, "AWS.x"sv, "aWs.x"sv,
                                        "Amazon.x"sv, "amazon.x"sv, "a b"sv, "ü"sv, "a\0"sv})
        EXPECT_FALSE(isAttributeName(name)) << name;
    EXPECT_FALSE(isAttributeName(std::string(257, 'x')));
}

TEST(SqsNames, numbers)
{
    for (const std::string_view number : {"0"sv, "-1"sv, "+1"sv, "12.50"sv, ".5"sv, "1."sv, "1e3"sv,
                                          "-1.5E-126"sv, "4563442423554324324264524243.32543234"sv})
        EXPECT_TRUE(isDecimal(number)) << number;
    for (const std::string_view none :
         {""sv, "-"sv, "."sv, "1e"sv, "e3"sv, "1e+"sv, "1e9999"sv, "0x10"sv, "1,5"sv, "1 "sv,
          " 1"sv, "nan"sv, "inf"sv, "1.2.3"sv, "١"sv, "1\0"sv})
        EXPECT_FALSE(isDecimal(none)) << none;
    EXPECT_FALSE(isDecimal(std::string(1000, '9')));
}

TEST(SqsNames, urlsOfQueues)
{
    EXPECT_EQ(queueUrl(9324, "parts"), "http://127.0.0.1:9324/000000000000/parts");
    EXPECT_EQ(queueArn("parts.fifo"), "arn:aws:sqs:us-east-1:000000000000:parts.fifo");
    for (const std::string_view url :
         {"http://127.0.0.1:9324/000000000000/parts"sv, "http://localhost/000000000000/parts"sv,
          "https://sqs.eu-west-1.amazonaws.com/123456789012/parts"sv, "/000000000000/parts"sv})
        EXPECT_EQ(queueNameOf(url), "parts") << url;
    EXPECT_EQ(queueNameOf("/000000000000/a.fifo"), "a.fifo");
    for (const std::string_view none :
         {""sv, "parts"sv, "/"sv, "/parts"sv, "http://"sv, "http://host"sv, "http://host/"sv,
          "http://host/parts"sv, "/00000000000/parts"sv, "/0000000000000/parts"sv,
          "/00000000000x/parts"sv, "/000000000000/"sv, "/000000000000/a/b"sv,
          "/000000000000/a%20b"sv, "/000000000000/../etc"sv, "/000000000000/a\0"sv})
        EXPECT_EQ(queueNameOf(none), std::nullopt) << none;
}

} // namespace
