#include <fmt/format.h>

#include "model/base64.h"
#include "s3/digest.h"
#include "s3_bench.h"

namespace coldframe::s3::test {
namespace {

constexpr std::size_t kPart = 5U << 20U; ///< the least that is no last part

struct Parts : S3Bench {
    explicit Parts(std::string_view lines = {})
    {
        const Answer begun = send("POST", "/out/big.bin?uploads", {}, lines);
        EXPECT_EQ(begun.status, 200) << begun.body;
        id = textOf(begun.body, "UploadId");
    }
    Answer part(int number, std::string_view bytes, std::string_view lines = {})
    {
        return put(fmt::format("/out/big.bin?partNumber={}&uploadId={}", number, id), bytes, lines);
    }
    /// The document that completes the upload from these parts.
    static std::string list(const std::vector<std::pair<int, std::string>>& parts)
    {
        std::string xml = "<CompleteMultipartUpload>";
        for (const auto& [number, etag] : parts)
            xml += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", number,
                               etag);
        return xml + "</CompleteMultipartUpload>";
    }
    Answer complete(const std::string& document, std::string_view lines = {})
    {
        return send("POST", "/out/big.bin?uploadId=" + id, document, lines);
    }
    std::string id;
};

TEST(S3Multipart, partsBecomeOneObject)
{
    Parts s3("Content-Type: application/x-bin\r\nx-amz-meta-who: me\r\n");
    const std::string first(kPart, 'a'), second(kPart, 'b'), last = "end";
    // In any order, and one of them twice.
    const std::string tagLast = headerOf(s3.part(7, last), "ETag");
    s3.part(1, "to be replaced");
    const std::string tagFirst = headerOf(s3.part(1, first), "ETag");
    const std::string tagSecond = headerOf(s3.part(2, second), "ETag");
    EXPECT_EQ(s3.files("out"), std::vector<std::string>{}); // nothing is seen before the end
    EXPECT_EQ(textsOf(s3.get("/out/big.bin?uploadId=" + s3.id).body, "PartNumber"),
              (std::vector<std::string>{"1", "2", "7"}));
    const Answer done = s3.complete(Parts::list({{1, tagFirst}, {2, tagSecond}, {7, tagLast}}));
    EXPECT_EQ(done.status, 200) << done.body;
    EXPECT_TRUE(s3.file("out/big.bin") == first + second + last);

    Digest digest = Digest::md5();
    for (const std::string& part : {first, second, last}) {
        Digest of = Digest::md5();
        of.add(part);
        digest.add(of.finish());
    }
    const std::string etag = '"' + hex(digest.finish()) + "-3\"";
    const Answer head = s3.send("HEAD", "/out/big.bin");
    EXPECT_EQ(headerOf(head, "ETag"), etag);
    EXPECT_EQ(textOf(done.body, "ETag"), "&quot;" + etag.substr(1, etag.size() - 2) + "&quot;");
    EXPECT_EQ(headerOf(head, "Content-Type"), "application/x-bin");
    EXPECT_EQ(headerOf(head, "x-amz-meta-who"), "me");
    EXPECT_EQ(codeOf(s3.complete(Parts::list({{1, tagFirst}}))), "404 NoSuchUpload");
    EXPECT_TRUE(std::filesystem::is_empty(s3.state / "s3/parts"));
}

TEST(S3Multipart, completionsThatAreRefused)
{
    Parts s3;
    const std::string one = headerOf(s3.part(1, std::string(kPart, 'a')), "ETag");
    const std::string two = headerOf(s3.part(2, "small"), "ETag");
    const std::string three = headerOf(s3.part(3, "end"), "ETag");
    const std::pair<const char*, std::string> rows[]{
        {"400 InvalidPart", Parts::list({{1, one}, {4, one}})},
        {"400 InvalidPart", Parts::list({{1, two}})},
        {"400 InvalidPartOrder", Parts::list({{2, two}, {1, one}})},
        {"400 EntityTooSmall", Parts::list({{1, one}, {2, two}, {3, three}})},
        {"400 MalformedXML", "<CompleteMultipartUpload>"},
        {"400 MalformedXML", Parts::list({})},
        {"400 MalformedXML", "<Other/>"},
    };
    for (const auto& [code, document] : rows)
        EXPECT_EQ(codeOf(s3.complete(document)), code) << document;
    EXPECT_EQ(s3.files("out"), std::vector<std::string>{});
    EXPECT_EQ(s3.complete(Parts::list({{1, one}, {3, three}})).status, 200); // still possible
}

TEST(S3Multipart, anUploadThatIsAborted)
{
    Parts s3;
    s3.part(1, "x");
    EXPECT_EQ(textsOf(s3.get("/out?uploads").body, "UploadId"), std::vector<std::string>{s3.id});
    EXPECT_EQ(s3.send("DELETE", "/out/big.bin?uploadId=" + s3.id).status, 204);
    EXPECT_EQ(codeOf(s3.part(2, "y")), "404 NoSuchUpload");
    EXPECT_EQ(codeOf(s3.send("DELETE", "/out/big.bin?uploadId=" + s3.id)), "404 NoSuchUpload");
    EXPECT_EQ(textsOf(s3.get("/out?uploads").body, "UploadId"), std::vector<std::string>{});
    EXPECT_TRUE(std::filesystem::is_empty(s3.state / "s3/parts"));
}

TEST(S3Multipart, partsThatAreRefused)
{
    Parts s3;
    EXPECT_EQ(codeOf(s3.put("/out/big.bin?partNumber=0&uploadId=" + s3.id, "x")),
              "400 InvalidArgument");
    EXPECT_EQ(codeOf(s3.put("/out/big.bin?partNumber=10001&uploadId=" + s3.id, "x")),
              "400 InvalidArgument");
    EXPECT_EQ(codeOf(s3.put("/out/big.bin?partNumber=1&uploadId=none", "x")), "404 NoSuchUpload");
    EXPECT_EQ(codeOf(s3.put("/out/other?partNumber=1&uploadId=" + s3.id, "x")), "404 NoSuchUpload");
    EXPECT_EQ(codeOf(s3.part(1, "x", "Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==\r\n")),
              "400 BadDigest");
    EXPECT_EQ(codeOf(s3.send("POST", "/out/..%2fx?uploads")), "400 InvalidURI");
}

TEST(S3Multipart, checksumsOfPartsAndOfTheWhole)
{
    const auto sum = [](std::string_view bytes) {
        Digest digest = Digest::of(ChecksumKind::Crc32);
        digest.add(bytes);
        return digest.finish();
    };
    Parts s3;
    const std::string first(kPart, 'a'), last = "end";
    const std::string a = headerOf(
        s3.part(1, first, "x-amz-checksum-crc32: " + toBase64(sum(first)) + "\r\n"), "ETag");
    const std::string b
        = headerOf(s3.part(2, last, "x-amz-checksum-crc32: " + toBase64(sum(last)) + "\r\n"), "ETag");
    const Answer wrong
        = s3.complete(Parts::list({{1, a}, {2, b}}),
                      "x-amz-checksum-type: FULL_OBJECT\r\nx-amz-checksum-crc32: AAAAAA==\r\n");
    EXPECT_EQ(codeOf(wrong), "400 BadDigest");
    EXPECT_FALSE(s3.exists("out/big.bin"));
    const Answer done = s3.complete(Parts::list({{1, a}, {2, b}}));
    EXPECT_EQ(textOf(done.body, "ChecksumCRC32"), toBase64(sum(sum(first) + sum(last))) + "-2");

    Parts whole;
    const std::string c = headerOf(whole.part(1, first), "ETag");
    const Answer right = whole.complete(
        Parts::list({{1, c}}),
        "x-amz-checksum-type: FULL_OBJECT\r\nx-amz-checksum-crc32: " + toBase64(sum(first)) + "\r\n");
    EXPECT_EQ(right.status, 200);
    EXPECT_EQ(textOf(right.body, "ChecksumCRC32"), toBase64(sum(first)));
}

TEST(S3Multipart, partsAreCopiedFromObjects)
{
    Parts s3;
    const std::string source = std::string(kPart, 's') + "0123456789";
    s3.put("/in/source", source);
    const std::string target = fmt::format("/out/big.bin?partNumber=1&uploadId={}", s3.id);
    const Answer copied = s3.put(
        target, "",
        fmt::format("x-amz-copy-source: in/source\r\nx-amz-copy-source-range: bytes=10-{}\r\n",
                    source.size() - 1));
    EXPECT_EQ(copied.status, 200) << copied.body;
    const std::string etag = textOf(copied.body, "ETag");
    EXPECT_EQ(s3.complete(Parts::list({{1, etag}})).status, 200);
    EXPECT_TRUE(s3.file("out/big.bin") == source.substr(10));
}

TEST(S3Multipart, whatARunLeftIsGoneWithTheNext)
{
    S3Bench s3;
    std::filesystem::create_directories(s3.state / "s3/parts/old");
    writeFile(s3.state / "s3/parts/old/1", "x");
    boost::asio::io_context io;
    EndpointOptions options;
    options.state = s3.state / "s3";
    options.post = [](std::function<void()> work) { work(); };
    options.now = [] { return TimePoint(); };
    const auto next = Endpoint::listen(io, 0, std::move(options));
    ASSERT_TRUE(next);
    EXPECT_FALSE(std::filesystem::exists(s3.state / "s3/parts/old"));
}

} // namespace
} // namespace coldframe::s3::test
