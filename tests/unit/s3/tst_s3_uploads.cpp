// Bodies on their way in: checksums, chunks, breaks. Nobody sees an object that is not whole.

#include "model/base64.h"
#include "s3/digest.h"
#include "s3_bench.h"

namespace coldframe::s3::test {
namespace {

std::string sumOf(ChecksumKind kind, std::string_view bytes)
{
    Digest digest = Digest::of(kind);
    digest.add(bytes);
    return toBase64(digest.finish());
}

std::string md5Of(std::string_view bytes)
{
    Digest digest = Digest::md5();
    digest.add(bytes);
    return toBase64(digest.finish());
}

/// As SDKs send a body with a checksum behind it.
std::string chunked(std::string_view data, const std::string& trailer, std::size_t piece = 65536)
{
    std::string body;
    for (std::size_t at = 0; at < data.size(); at += piece) {
        const std::string_view part = data.substr(at, piece);
        char size[32];
        std::snprintf(size, sizeof size, "%zx\r\n", part.size());
        body.append(size).append(part).append("\r\n");
    }
    return body + "0\r\n" + trailer + "\r\n";
}

std::string chunkedLines(std::size_t bytes, const std::string& trailerName)
{
    return "Content-Encoding: aws-chunked\r\nx-amz-content-sha256: "
           "STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n"
           "x-amz-decoded-content-length: "
        + std::to_string(bytes) + "\r\nx-amz-trailer: " + trailerName + "\r\n";
}

TEST(S3Uploads, contentMd5)
{
    S3Bench s3;
    EXPECT_EQ(s3.put("/in/a", "hello", "Content-MD5: " + md5Of("hello") + "\r\n").status, 200);
    EXPECT_EQ(codeOf(s3.put("/in/b", "hello", "Content-MD5: " + md5Of("other") + "\r\n")),
              "400 BadDigest");
    EXPECT_EQ(codeOf(s3.put("/in/b", "hello", "Content-MD5: nonsense\r\n")), "400 InvalidDigest");
    EXPECT_TRUE(s3.eventually([&] { return s3.files("in") == std::vector<std::string>{"a"}; }));
}

TEST(S3Uploads, checksumsInHeaders)
{
    for (const ChecksumKind kind : {ChecksumKind::Crc32, ChecksumKind::Crc32c, ChecksumKind::Sha1,
                                    ChecksumKind::Sha256, ChecksumKind::Crc64Nvme}) {
        S3Bench s3;
        const std::string name = "x-amz-checksum-" + std::string(nameOf(kind));
        const std::string sum = sumOf(kind, "hello");
        const Answer put = s3.put("/in/a", "hello", name + ": " + sum + "\r\n");
        EXPECT_EQ(put.status, 200) << name << put.body;
        EXPECT_EQ(headerOf(put, name), sum);
        const Answer got = s3.get("/in/a", "x-amz-checksum-mode: ENABLED\r\n");
        EXPECT_EQ(headerOf(got, name), sum);
        EXPECT_EQ(headerOf(s3.get("/in/a"), name), "");
        EXPECT_EQ(codeOf(s3.put("/in/b", "hellO", name + ": " + sum + "\r\n")), "400 BadDigest");
        EXPECT_TRUE(s3.eventually([&] { return s3.files("in") == std::vector<std::string>{"a"}; }));
    }
}

TEST(S3Uploads, checksumsThatAreNone)
{
    S3Bench s3;
    EXPECT_EQ(codeOf(s3.put("/in/a", "x", "x-amz-checksum-crc99: AAAA\r\n")), "400 InvalidRequest");
    EXPECT_EQ(codeOf(s3.put("/in/a", "x", "x-amz-checksum-crc32: ???\r\n")), "400 InvalidRequest");
    EXPECT_EQ(
        codeOf(s3.put("/in/a", "x", "x-amz-checksum-crc32: AAAA\r\nx-amz-checksum-sha1: AAAA\r\n")),
        "400 InvalidRequest");
    EXPECT_FALSE(s3.exists("in/a"));
}

TEST(S3Uploads, checksumsBehindChunkedBodies)
{
    const std::string data(300'000, 'd');
    for (const ChecksumKind kind : {ChecksumKind::Crc32, ChecksumKind::Crc64Nvme}) {
        S3Bench s3;
        const std::string name = "x-amz-checksum-" + std::string(nameOf(kind));
        const std::string lines = chunkedLines(data.size(), name);
        const std::string body = chunked(data, name + ":" + sumOf(kind, data) + "\r\n");
        const Answer put = s3.put("/in/a", body, lines);
        EXPECT_EQ(put.status, 200) << put.body;
        EXPECT_EQ(s3.file("in/a"), data);
        EXPECT_EQ(headerOf(s3.get("/in/a"), "content-encoding"), "");
        const std::string wrong = chunked(data, name + ":" + sumOf(kind, "other") + "\r\n");
        EXPECT_EQ(codeOf(s3.put("/in/b", wrong, lines)), "400 BadDigest");
        EXPECT_EQ(codeOf(s3.put("/in/b", chunked(data, ""), lines)), "400 MalformedTrailerError");
        EXPECT_TRUE(s3.eventually([&] { return s3.files("in") == std::vector<std::string>{"a"}; }));
    }
}

TEST(S3Uploads, chunksWithinChunks)
{
    // A stream of unknown length: HTTP's own chunks around those of AWS.
    S3Bench s3;
    const std::string data = "hello, streams";
    const std::string inner
        = chunked(data, "x-amz-checksum-crc32:" + sumOf(ChecksumKind::Crc32, data) + "\r\n", 5);
    RawClient client(s3.port);
    client.send("PUT /in/a HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
                + chunkedLines(data.size(), "x-amz-checksum-crc32") + "\r\n");
    for (const char c : inner)
        client.send("1\r\n" + std::string(1, c) + "\r\n");
    EXPECT_EQ(client.exchange("0\r\n\r\n").status, 200);
    EXPECT_EQ(s3.file("in/a"), data);
}

TEST(S3Uploads, signedChunksAreTakenUnverified)
{
    S3Bench s3;
    const std::string body = "5;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9\r\nhello\r\n"
                             "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f427\r\n\r\n";
    EXPECT_EQ(s3.put("/in/a", body,
                     "Content-Encoding: aws-chunked,gzip\r\nx-amz-decoded-content-length: 5\r\n"
                     "x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD\r\n")
                  .status,
              200);
    EXPECT_EQ(s3.file("in/a"), "hello");
    EXPECT_EQ(headerOf(s3.get("/in/a"), "content-encoding"), "gzip");
}

TEST(S3Uploads, chunkedBodiesThatAreWrong)
{
    S3Bench s3;
    const std::string lines = chunkedLines(5, "x-amz-checksum-crc32");
    EXPECT_EQ(codeOf(s3.put("/in/a", "nonsense", lines)), "400 IncompleteBody");
    EXPECT_EQ(codeOf(s3.put("/in/a", "zz\r\nhello\r\n0\r\n\r\n", lines)), "400 InvalidRequest");
    EXPECT_EQ(codeOf(s3.put("/in/a", chunked("too long", ""), lines)), "400 IncompleteBody");
    EXPECT_EQ(codeOf(s3.put("/in/a", chunked("abc", ""), lines)), "400 IncompleteBody");
    EXPECT_EQ(codeOf(s3.put("/in/a", "", "Content-MD5: " + md5Of("x") + "\r\n")), "400 BadDigest");
    // The answer may come before the worker has removed what it began.
    EXPECT_TRUE(s3.eventually([&] { return s3.files("in").empty(); }));
}

TEST(S3Uploads, anUploadThatBreaksOffLeavesNothing)
{
    S3Bench s3;
    s3.put("/in/a", "old");
    {
        RawClient client(s3.port, S3Bench::head("PUT", "/in/a", 1'000'000));
        client.send(std::string(500'000, 'n'));
        EXPECT_TRUE(s3.eventually([&] { return s3.files("in").size() == 2; })); // hidden, so far
        EXPECT_EQ(s3.get("/in/a").body, "old");
        EXPECT_EQ(textsOf(s3.get("/in?list-type=2").body, "Key"), std::vector<std::string>{"a"});
    }
    EXPECT_TRUE(s3.eventually([&] { return s3.files("in") == std::vector<std::string>{"a"}; }));
    EXPECT_EQ(s3.file("in/a"), "old");
    EXPECT_TRUE(s3.eventually([&] {
        return s3.reports().back().operation == Operation::PutObject
            && s3.reports().back().status == 0;
    }));
}

TEST(S3Uploads, aReaderKeepsTheOldBytesWhileTheObjectIsReplaced)
{
    S3Bench s3;
    const std::string old(5'000'000, 'o');
    s3.put("/in/a", old);
    RawClient reader(s3.port, S3Bench::request("GET", "/in/a", {}));
    EXPECT_EQ(s3.put("/in/a", "new").status, 200);
    EXPECT_TRUE(reader.read().body == old);
    EXPECT_EQ(s3.get("/in/a").body, "new");
}

TEST(S3Uploads, continueIsSaidAndAnEarlyRefusalSparesTheBody)
{
    S3Bench s3;
    RawClient client(s3.port, S3Bench::head("PUT", "/in/a", 5, "Expect: 100-continue\r\n"));
    EXPECT_EQ(client.read().status, 100);
    EXPECT_EQ(client.exchange("hello").status, 200);
    EXPECT_EQ(s3.file("in/a"), "hello");
}

TEST(S3Uploads, withoutALengthNothingIsWritten)
{
    S3Bench s3;
    ASSERT_EQ(s3.put("/in/a", "kept").status, 200);
    RawClient client(s3.port, "PUT /in/a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    EXPECT_EQ(codeOf(client.read()), "411 MissingContentLength");
    EXPECT_EQ(s3.file("in/a"), "kept");
    RawClient chunked(s3.port,
                      "PUT /in/a HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
                      "\r\n3\r\nnew\r\n0\r\n\r\n");
    EXPECT_EQ(chunked.read().status, 200);
    EXPECT_EQ(s3.file("in/a"), "new");
}

TEST(S3Uploads, tooLargeIsRefusedUnread)
{
    S3Bench s3;
    RawClient client(s3.port, S3Bench::head("PUT", "/in/a", std::size_t{1} << 40U));
    const Answer answer = client.read();
    EXPECT_EQ(textOf(answer.body, "Code"), "EntityTooLarge");
    RawClient other(s3.port,
                    S3Bench::head("PUT", "/in/a", 100,
                                  "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n"
                                  "x-amz-decoded-content-length: 99999999999\r\n"));
    other.send(std::string(100, '0'));
    EXPECT_EQ(codeOf(other.read()), "400 EntityTooLarge");
}

TEST(S3Uploads, largeObjectsGoBothWays)
{
    S3Bench s3;
    std::string data(40'000'000, '\0');
    std::uint64_t random = 1;
    for (char& c : data)
        c = static_cast<char>((random = random * 6364136223846793005U + 1442695040888963407U)
                              >> 56U);
    EXPECT_EQ(s3.put("/in/big", data).status, 200);
    EXPECT_TRUE(s3.file("in/big") == data);
    EXPECT_TRUE(s3.get("/in/big").body == data);
    EXPECT_TRUE(s3.get("/in/big", "Range: bytes=1000000-20999999\r\n").body
                == data.substr(1'000'000, 20'000'000));
}

} // namespace
} // namespace coldframe::s3::test
