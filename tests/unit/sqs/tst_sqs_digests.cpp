#include <gtest/gtest.h>

#include "sqs/digests.h"

using namespace coldframe::sqs;

namespace {

/// Made with Python's hashlib.
TEST(SqsDigests, bodies)
{
    struct Row {
        std::string body;
        const char *md5, *sha256;
    };
    const Row rows[]{
        {"", "d41d8cd98f00b204e9800998ecf8427e",
         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"msg", "6e2baaf3b97dbeef01c0043275f9a0e7",
         "e46b320165eec91e6344fa10340d5b3208304d6cad29d0d5aed18466d1d9d80e"},
        {"grüße € 😀", "710483aee4681920f3b922b9e4ef45be",
         "f545ef234b16481303cdfac7e4ddd3945b685112f44acdb199460ae5ab72ba01"},
        {"line\r\nend\t", "696ee25f45f60b607342c5de4a617d2f",
         "869a2294c884208dd74a81daeff9c3e2f256d8313155a0b0d99b0aa7713978a2"},
        {std::string(1U << 20U, 'a'), "7202826a7791073fe2787f0c94603278",
         "9bc1b2a288b26af7257a36277ae3816a7d4f16e89c1e7e77d0a5c48bad62b360"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(md5Of(row.body), row.md5);
        EXPECT_EQ(sha256Of(row.body), row.sha256);
    }
}

std::string everyByte()
{
    std::string bytes;
    for (int i = 0; i < 256; ++i)
        bytes += static_cast<char>(i);
    return bytes;
}

/// The first six as Amazon SQS itself answered (LocalStack's recordings, 2022 and 2023); the next
/// four from the documentation of the npm package aws-md5-of-message-attributes; the last one made
/// with Python's hashlib.
TEST(SqsDigests, messageAttributes)
{
    const MessageAttribute hello{"String", "There"}, general{"String", "Kenobi"},
        help{"String", "Me"}, one{"String", "attribValue 1"},
        two{"Number.float", "4563442423554324324264524243.32543234"},
        three{"Binary", "Hello binary world!", true};
    const std::pair<MessageAttributes, const char*> rows[]{
        {{{"Hello", hello}, {"General", general}, {"Help.Me", help}},
         "4c360f3fdafd970e05fae2f149d997f5"},
        {{{"Hello", hello}, {"General", general}}, "fca026605781cb4126a1e9044df24232"},
        {{{"Hello", hello}}, "a311262e065454b75da111d535b8dacd"},
        {{{"Hello", hello}, {"Help.Me", help}}, "83fee93c1bcd8b9a5a923ffacdc636c7"},
        {{{"Foo", {"String", "Bar"}}}, "ae7155c6026991b6d54b11589678bf9c"},
        {{{"attr1",
           {"Binary",
            "traceparent\x1e"
            "00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01",
            true}}},
         "8cbe4db156db8a94db8b801b7addb984"},
        {{{"attribName1", one}}, "19e27d4e946b072f3f58da80d94fd778"},
        {{{"customNumberTypeAttrib", two}}, "9fe1b90bbd9965bdf77bac517c7d2495"},
        {{{"binaryAttribute", three}}, "31a92b15d92f8db860eda32aceb656c3"},
        {{{"attribName1", one}, {"customNumberTypeAttrib", two}, {"binaryAttribute", three}},
         "c932db14a896c663f83c260297d594ff"},
        // Names in order of their bytes: capitals, "_", small letters.
        {{{"Zeta", {"String.de", "grüße € 😀"}},
          {"alpha", {"Number", "-1.5e3"}},
          {"_b", {"Binary.raw", everyByte(), true}}},
         "534cf6869e850223ec0ba4e098791dec"},
    };
    for (const auto& [attributes, digest] : rows)
        EXPECT_EQ(md5Of(attributes), digest) << attributes.begin()->first;
    EXPECT_EQ(md5Of(MessageAttributes{}), "");
}

} // namespace
