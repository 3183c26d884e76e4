#include <gtest/gtest.h>

#include "s3/aws_chunked.h"

using namespace coldframe::s3;

namespace {

const std::string kSigned = "5;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9\r\nhello\r\n"
                            "7;chunk-signature=0055627c9e194cb4542bae2aa5492e3c\r\n, world\r\n"
                            "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f427\r\n\r\n";
const std::string kTrailing = "c\r\nhello, world\r\n0\r\n"
                              "x-amz-checksum-crc32:/3LWPg==\r\n"
                              "X-Amz-Trailer-Signature: 41e14ac611e27a8bb3d66c3bad6856f2\r\n\r\n";

struct Taken {
    bool good = true;
    bool ended = false;
    std::string data, checksum;
};

Taken take(const std::string& body, std::size_t pieceSize)
{
    AwsChunked chunks;
    Taken taken;
    for (std::size_t at = 0; at < body.size() && taken.good; at += pieceSize)
        taken.good = chunks.add(std::string_view(body).substr(at, pieceSize), taken.data);
    taken.ended = chunks.ended();
    taken.checksum = chunks.trailer("x-amz-checksum-crc32");
    return taken;
}

TEST(S3AwsChunked, signedAndTrailingBodiesInPiecesOfAnySize)
{
    for (const std::size_t size : {1U, 2U, 3U, 7U, 1000U}) {
        const Taken signedBody = take(kSigned, size);
        EXPECT_TRUE(signedBody.good && signedBody.ended) << size;
        EXPECT_EQ(signedBody.data, "hello, world") << size;
        EXPECT_EQ(signedBody.checksum, "") << size;
        const Taken trailing = take(kTrailing, size);
        EXPECT_TRUE(trailing.good && trailing.ended) << size;
        EXPECT_EQ(trailing.data, "hello, world") << size;
        EXPECT_EQ(trailing.checksum, "/3LWPg==") << size;
    }
}

TEST(S3AwsChunked, anEmptyBody)
{
    const Taken taken = take("0\r\n\r\n", 1);
    EXPECT_TRUE(taken.good && taken.ended);
    EXPECT_EQ(taken.data, "");
}

TEST(S3AwsChunked, aBodyThatStopsHasNotEnded)
{
    for (std::size_t length = 0; length < kTrailing.size(); ++length) {
        const Taken taken = take(kTrailing.substr(0, length), 1000);
        EXPECT_TRUE(taken.good) << length;
        EXPECT_FALSE(taken.ended) << length;
    }
}

TEST(S3AwsChunked, malformedBodies)
{
    const std::pair<const char*, std::string> rows[]{
        {"no size", "\r\nhello\r\n"},
        {"a size that is none", "5x\r\nhello\r\n"},
        {"a negative size", "-5\r\nhello\r\n"},
        {"a size past 64 bits", "10000000000000000\r\n"},
        {"a line without CR", "5\nhello\r\n"},
        {"more data than the size says", "5\r\nhello!\r\n"},
        {"a trailer without a colon", "0\r\nchecksum\r\n\r\n"},
        {"bytes behind the end", "0\r\n\r\nmore"},
        {"a line without end", std::string(10'000, '1')},
    };
    for (const auto& [name, body] : rows) {
        EXPECT_FALSE(take(body, 1000).good) << name;
        EXPECT_FALSE(take(body, 1).good) << name;
    }
}

} // namespace
