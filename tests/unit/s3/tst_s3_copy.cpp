#include "s3_bench.h"

namespace coldframe::s3::test {
namespace {

std::string from(const std::string& source)
{
    return "x-amz-copy-source: " + source + "\r\n";
}

TEST(S3Copy, takesBytesAndMetadataAlong)
{
    S3Bench s3;
    s3.put("/in/report%2001.csv", "hello", "Content-Type: text/plain\r\nx-amz-meta-who: me\r\n");
    for (const char* source :
         {"/in/report%2001.csv", "in/report%2001.csv", "/in/report%2001.csv?versionId=null"}) {
        const Answer copied = s3.put("/out/copy", "", from(source));
        EXPECT_EQ(copied.status, 200) << copied.body;
        EXPECT_EQ(textOf(copied.body, "ETag"), "&quot;5d41402abc4b2a76b9719d911017c592&quot;");
        EXPECT_EQ(s3.file("out/copy"), "hello");
        EXPECT_EQ(headerOf(s3.get("/out/copy"), "x-amz-meta-who"), "me");
        EXPECT_EQ(headerOf(s3.get("/out/copy"), "Content-Type"), "text/plain");
        s3.send("DELETE", "/out/copy");
    }
    EXPECT_EQ(s3.file("in/report 01.csv"), "hello");
}

TEST(S3Copy, mayReplaceTheMetadata)
{
    S3Bench s3;
    s3.put("/in/a", "hello", "x-amz-meta-who: me\r\n");
    const std::string replace = "x-amz-metadata-directive: REPLACE\r\nx-amz-meta-who: you\r\n";
    EXPECT_EQ(s3.put("/out/b", "", from("/in/a") + replace).status, 200);
    EXPECT_EQ(headerOf(s3.get("/out/b"), "x-amz-meta-who"), "you");
    EXPECT_EQ(codeOf(s3.put("/in/a", "", from("/in/a"))), "400 InvalidRequest");
    EXPECT_EQ(s3.put("/in/a", "", from("/in/a") + replace).status, 200);
    EXPECT_EQ(s3.get("/in/a").body, "hello");
    EXPECT_EQ(headerOf(s3.get("/in/a"), "x-amz-meta-who"), "you");
}

TEST(S3Copy, conditionsOnTheSource)
{
    S3Bench s3;
    s3.put("/in/a", "hello");
    const std::string tag = headerOf(s3.get("/in/a"), "ETag");
    EXPECT_EQ(codeOf(s3.put("/out/b", "", from("/in/a") + "x-amz-copy-source-if-match: x\r\n")),
              "412 PreconditionFailed");
    EXPECT_EQ(codeOf(s3.put("/out/b", "",
                            from("/in/a") + "x-amz-copy-source-if-none-match: " + tag + "\r\n")),
              "412 PreconditionFailed");
    EXPECT_EQ(
        s3.put("/out/b", "", from("/in/a") + "x-amz-copy-source-if-match: " + tag + "\r\n").status,
        200);
}

TEST(S3Copy, sourcesThatAreNone)
{
    S3Bench s3;
    EXPECT_EQ(codeOf(s3.put("/out/b", "", from("/in/none"))), "404 NoSuchKey");
    EXPECT_EQ(codeOf(s3.put("/out/b", "", from("/none/a"))), "404 NoSuchBucket");
    EXPECT_EQ(codeOf(s3.put("/out/b", "", from("in"))), "400 InvalidArgument");
    EXPECT_EQ(codeOf(s3.put("/out/b", "", from("/in/%2e%2e/secret"))), "400 InvalidURI");
    EXPECT_EQ(codeOf(s3.put("/none/b", "", from("/in/a"))), "404 NoSuchBucket");
    EXPECT_EQ(s3.files("out"), std::vector<std::string>{});
}

} // namespace
} // namespace coldframe::s3::test
