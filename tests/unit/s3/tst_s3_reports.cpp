// Who asked for what: told once per request, when its answer is with the system.

#include "s3_bench.h"

namespace coldframe::s3::test {
namespace {

std::string signedAs(const std::string& key)
{
    return "Authorization: AWS4-HMAC-SHA256 Credential=" + key
        + "/20260304/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0\r\n";
}

TEST(S3Reports, everyRequestOnce)
{
    S3Bench s3;
    const std::string key = "COLDFRAME00000000017";
    s3.put("/in/a", "hello", signedAs(key));
    s3.get("/in/a", signedAs(key));
    s3.get("/in/a", "Range: bytes=0-1\r\n" + signedAs(key));
    s3.send("HEAD", "/in/a", {}, signedAs(key));
    s3.get("/in/none", signedAs("other"));
    s3.get("/in?list-type=2");
    ASSERT_TRUE(s3.eventually([&] { return s3.reports().size() == 6; }));
    const std::vector<RequestReport> reports = s3.reports();
    struct Row {
        const char* accessKey;
        Operation operation;
        const char* object;
        std::uint64_t bytes;
        int status;
    };
    const Row rows[]{
        {"COLDFRAME00000000017", Operation::PutObject, "in/a", 5, 200},
        {"COLDFRAME00000000017", Operation::GetObject, "in/a", 5, 200},
        {"COLDFRAME00000000017", Operation::GetObject, "in/a", 2, 206},
        {"COLDFRAME00000000017", Operation::HeadObject, "in/a", 0, 200},
        {"other", Operation::GetObject, "in/none", 0, 404},
        {"", Operation::ListObjectsV2, "in/", 0, 200},
    };
    for (std::size_t i = 0; i < reports.size(); ++i) {
        EXPECT_EQ(reports[i].accessKey, rows[i].accessKey) << i;
        EXPECT_EQ(reports[i].operation, rows[i].operation) << i;
        EXPECT_EQ(reports[i].bucket + '/' + reports[i].key, rows[i].object) << i;
        EXPECT_EQ(reports[i].bytes, rows[i].bytes) << i;
        EXPECT_EQ(reports[i].status, rows[i].status) << i;
        EXPECT_LE(reports[i].begun, reports[i].ended) << i;
    }
}

TEST(S3Reports, whoSignsInOtherWays)
{
    S3Bench s3;
    s3.get("/in/a", "Authorization: AWS OLDKEY:c2lnbmF0dXJl\r\n");
    s3.get("/in/a?X-Amz-Credential=URLKEY%2F20260304%2Fus-east-1%2Fs3%2Faws4_request");
    ASSERT_TRUE(s3.eventually([&] { return s3.reports().size() == 2; }));
    EXPECT_EQ(s3.reports()[0].accessKey, "OLDKEY");
    EXPECT_EQ(s3.reports()[1].accessKey, "URLKEY");
}

TEST(S3Reports, writesAreAnnouncedBeforeTheyAreSeen)
{
    S3Bench s3;
    s3.put("/in/a", "hello", signedAs("K"));
    s3.put("/in/b", "", "x-amz-copy-source: /in/a\r\n" + signedAs("K"));
    s3.get("/in/a", signedAs("K"));
    EXPECT_EQ(s3.announced(), (std::vector<std::string>{"K in/a", "K in/b"}));
}

TEST(S3Reports, aDownloadCountsWhenAllIsSent)
{
    S3Bench s3;
    s3.put("/in/big", std::string(30'000'000, 'b'));
    {
        RawClient client(s3.port, S3Bench::request("GET", "/in/big", {}));
        EXPECT_EQ(s3.reports().size(), 1U);
        EXPECT_EQ(client.read().body.size(), 30'000'000U);
    }
    ASSERT_TRUE(s3.eventually([&] { return s3.reports().size() == 2; }));
    EXPECT_EQ(s3.reports()[1].bytes, 30'000'000U);
    EXPECT_EQ(s3.reports()[1].status, 200);
    RawClient(s3.port, S3Bench::request("GET", "/in/big", {})).close(); // leaves at once
    ASSERT_TRUE(s3.eventually([&] { return s3.reports().size() == 3; }));
    EXPECT_EQ(s3.reports()[2].status, 0);
}

TEST(S3Reports, noneComesAfterTheEnd)
{
    S3Bench s3;
    RawClient client(s3.port, S3Bench::head("PUT", "/in/a", 100) + "some");
    EXPECT_TRUE(s3.eventually([&] { return s3.files("in").size() == 1; }));
    s3.onLoop([&] { s3.endpoint->close(); });
    EXPECT_TRUE(client.ended());
    EXPECT_TRUE(s3.eventually([&] { return s3.files("in").empty(); }));
    EXPECT_EQ(s3.reports().size(), 0U);
}

} // namespace
} // namespace coldframe::s3::test
