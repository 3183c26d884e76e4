// Objects, one at a time: put, read, ask for, remove.

#include "s3_bench.h"

namespace coldframe::s3::test {
namespace {

constexpr const char* kMd5OfHello = "\"5d41402abc4b2a76b9719d911017c592\"";

TEST(S3Objects, whatIsPutIsAFileAndComesBack)
{
    S3Bench s3;
    const Answer put = s3.put("/in/data/report%2001.csv", "hello");
    EXPECT_EQ(put.status, 200);
    EXPECT_EQ(headerOf(put, "ETag"), kMd5OfHello);
    EXPECT_EQ(s3.file("in/data/report 01.csv"), "hello");
    const Answer got = s3.get("/in/data/report%2001.csv");
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body, "hello");
    EXPECT_EQ(headerOf(got, "ETag"), kMd5OfHello);
    EXPECT_EQ(headerOf(got, "Content-Type"), "binary/octet-stream");
    EXPECT_EQ(headerOf(got, "Accept-Ranges"), "bytes");
    EXPECT_FALSE(headerOf(got, "Last-Modified").empty());
    EXPECT_EQ(headerOf(got, "x-amz-request-id").size(), 16U);
}

TEST(S3Objects, aFileThatWasThereIsAnObject)
{
    S3Bench s3;
    writeFile(s3.data / "in/table.csv", "hello");
    const Answer got = s3.get("/in/table.csv");
    EXPECT_EQ(got.body, "hello");
    EXPECT_EQ(headerOf(got, "ETag"), kMd5OfHello);
    EXPECT_EQ(headerOf(got, "Content-Type"), "text/csv");
    // Written over by somebody else: nothing that was known of it holds any more.
    writeFile(s3.data / "in/table.csv", "hello again");
    EXPECT_EQ(headerOf(s3.get("/in/table.csv"), "ETag"), "\"44997f87b891f89472b7f2bbe4e000c3\"")
        << "MD5 of \"hello again\"";
}

TEST(S3Objects, headTellsWhatGetWould)
{
    S3Bench s3;
    s3.put("/in/a", "hello");
    RawClient client(s3.port);
    client.send(S3Bench::request("HEAD", "/in/a", {}));
    const Answer head = client.read(true);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(headerOf(head, "Content-Length"), "5");
    EXPECT_EQ(headerOf(head, "ETag"), kMd5OfHello);
    EXPECT_EQ(client.exchange(S3Bench::request("GET", "/in/a", {})).body, "hello");
    client.send(S3Bench::request("HEAD", "/in/none", {}));
    EXPECT_EQ(client.read(true).status, 404);
    EXPECT_EQ(client.exchange(S3Bench::request("GET", "/in/a", {})).body, "hello");
}

TEST(S3Objects, metadataAndHeadersAreKept)
{
    S3Bench s3;
    const std::string lines
        = "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n"
          "Content-Encoding: gzip\r\nx-amz-meta-Origin: scanner 7\r\n"
          "x-amz-meta-pages: 12\r\n";
    EXPECT_EQ(s3.put("/in/a", "hello", lines).status, 200);
    for (int run = 0; run < 2; ++run) {
        const Answer got = s3.send("HEAD", "/in/a");
        EXPECT_EQ(headerOf(got, "Content-Type"), "text/plain; charset=utf-8");
        EXPECT_EQ(headerOf(got, "cache-control"), "no-store");
        EXPECT_EQ(headerOf(got, "content-encoding"), "gzip");
        EXPECT_EQ(headerOf(got, "x-amz-meta-origin"), "scanner 7");
        EXPECT_EQ(headerOf(got, "x-amz-meta-pages"), "12");
    }
    EXPECT_EQ(s3.files("in"),
              std::vector<std::string>{"a"}); // and nothing else in the user's folder
    s3.put("/in/a", "new");
    EXPECT_EQ(headerOf(s3.get("/in/a"), "x-amz-meta-origin"), "");
}

TEST(S3Objects, metadataSurvivesARestart)
{
    S3Bench first;
    first.put("/in/a", "hello", "Content-Type: text/plain\r\nx-amz-meta-origin: scanner\r\n");
    S3Bench second; // with the folders of the first
    std::filesystem::copy(first.state / "s3", second.state / "s3",
                          std::filesystem::copy_options::recursive);
    const auto store = std::make_shared<const stores::FolderStore>(
        stores::FolderStore::open(first.data / "in").value());
    second.onLoop([&] { second.endpoint->setBuckets({{"in", store}}); });
    EXPECT_EQ(headerOf(second.get("/in/a"), "x-amz-meta-origin"), "scanner");
    EXPECT_EQ(headerOf(second.get("/in/a"), "Content-Type"), "text/plain");
    // Lost, it is as if it had never been.
    std::filesystem::remove_all(second.state / "s3");
    second.onLoop([&] { second.endpoint->setBuckets({{"other", store}}); });
    const Answer got = second.get("/other/a");
    EXPECT_EQ(got.body, "hello");
    EXPECT_EQ(headerOf(got, "x-amz-meta-origin"), "");
}

TEST(S3Objects, tooMuchMetadata)
{
    S3Bench s3;
    EXPECT_EQ(codeOf(s3.put("/in/a", "x", "x-amz-meta-a: " + std::string(2100, 'm') + "\r\n")),
              "400 MetadataTooLarge");
    EXPECT_FALSE(s3.exists("in/a"));
}

TEST(S3Objects, ranges)
{
    S3Bench s3;
    s3.put("/in/a", "0123456789");
    const Answer part = s3.get("/in/a", "Range: bytes=2-4\r\n");
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.body, "234");
    EXPECT_EQ(headerOf(part, "Content-Range"), "bytes 2-4/10");
    EXPECT_EQ(s3.get("/in/a", "Range: bytes=-3\r\n").body, "789");
    EXPECT_EQ(s3.get("/in/a", "Range: bytes=8-\r\n").body, "89");
    const Answer beyond = s3.get("/in/a", "Range: bytes=10-\r\n");
    EXPECT_EQ(codeOf(beyond), "416 InvalidRange");
    EXPECT_EQ(textOf(beyond.body, "ActualObjectSize"), "10");
    const Answer head = s3.send("HEAD", "/in/a", {}, "Range: bytes=2-4\r\n");
    EXPECT_EQ(head.status, 206);
    EXPECT_EQ(headerOf(head, "Content-Length"), "3");
}

TEST(S3Objects, anEmptyObject)
{
    S3Bench s3;
    EXPECT_EQ(s3.put("/in/empty", "").status, 200);
    EXPECT_TRUE(s3.exists("in/empty"));
    const Answer got = s3.get("/in/empty");
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body, "");
    EXPECT_EQ(codeOf(s3.get("/in/empty", "Range: bytes=0-1\r\n")), "416 InvalidRange");
}

TEST(S3Objects, conditionsOfReads)
{
    S3Bench s3;
    s3.put("/in/a", "hello");
    const std::string tag = kMd5OfHello;
    EXPECT_EQ(s3.get("/in/a", "If-Match: " + tag + "\r\n").status, 200);
    const Answer failed = s3.get("/in/a", "If-Match: \"x\"\r\n");
    EXPECT_EQ(codeOf(failed), "412 PreconditionFailed");
    EXPECT_EQ(textOf(failed.body, "Condition"), "If-Match");
    const Answer same = s3.get("/in/a", "If-None-Match: " + tag + "\r\n");
    EXPECT_EQ(same.status, 304);
    EXPECT_EQ(headerOf(same, "ETag"), tag);
    EXPECT_EQ(s3.get("/in/a", "If-Modified-Since: Wed, 01 Jan 2020 00:00:00 GMT\r\n").status, 200);
    EXPECT_EQ(s3.get("/in/a", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n").status, 304);
}

TEST(S3Objects, conditionsOfWrites)
{
    S3Bench s3;
    EXPECT_EQ(s3.put("/in/a", "first", "If-None-Match: *\r\n").status, 200);
    EXPECT_EQ(codeOf(s3.put("/in/a", "second", "If-None-Match: *\r\n")), "412 PreconditionFailed");
    EXPECT_EQ(s3.file("in/a"), "first");
    const std::string tag = headerOf(s3.get("/in/a"), "ETag");
    EXPECT_EQ(codeOf(s3.put("/in/a", "third", "If-Match: \"x\"\r\n")), "412 PreconditionFailed");
    EXPECT_EQ(s3.put("/in/a", "third", "If-Match: " + tag + "\r\n").status, 200);
    EXPECT_EQ(codeOf(s3.put("/in/none", "x", "If-Match: " + tag + "\r\n")), "404 NoSuchKey");
    EXPECT_TRUE(s3.eventually([&] { return s3.files("in") == std::vector<std::string>{"a"}; }));
}

TEST(S3Objects, theCallerMayChooseHeaders)
{
    S3Bench s3;
    s3.put("/in/a", "hello", "Content-Type: text/plain\r\n");
    const Answer got = s3.get("/in/a?response-content-type=text%2Fcsv"
                              "&response-content-disposition=attachment%3B%20filename%3Da.csv");
    EXPECT_EQ(headerOf(got, "Content-Type"), "text/csv");
    EXPECT_EQ(headerOf(got, "content-disposition"), "attachment; filename=a.csv");
    EXPECT_EQ(codeOf(s3.get("/in/a?response-content-type=a%0D%0AX-Evil:%201")),
              "400 InvalidArgument");
}

TEST(S3Objects, deletingTwiceIsNoError)
{
    S3Bench s3;
    s3.put("/in/a", "hello");
    EXPECT_EQ(s3.send("DELETE", "/in/a").status, 204);
    EXPECT_FALSE(s3.exists("in/a"));
    EXPECT_EQ(s3.send("DELETE", "/in/a").status, 204);
    EXPECT_EQ(codeOf(s3.get("/in/a")), "404 NoSuchKey");
}

TEST(S3Objects, manyAreDeletedAtOnce)
{
    S3Bench s3;
    for (const char* key : {"/in/a", "/in/b%20%26", "/in/c"})
        s3.put(key, "x");
    const Answer done = s3.send("POST", "/in?delete",
                                "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                                "<Object><Key>a</Key></Object><Object><Key>b &amp;</Key></Object>"
                                "<Object><Key>../out/x</Key></Object></Delete>");
    EXPECT_EQ(done.status, 200);
    EXPECT_EQ(textsOf(done.body, "Key"), (std::vector<std::string>{"a", "b &amp;", "../out/x"}));
    EXPECT_EQ(textsOf(done.body, "Code"), (std::vector<std::string>{"InvalidURI"}));
    EXPECT_TRUE(s3.eventually([&] { return s3.files("in") == std::vector<std::string>{"c"}; }));
    const Answer quiet = s3.send(
        "POST", "/in?delete", "<Delete><Quiet>true</Quiet><Object><Key>c</Key></Object></Delete>");
    EXPECT_EQ(textsOf(quiet.body, "Key"), std::vector<std::string>{});
    EXPECT_TRUE(s3.eventually([&] { return s3.files("in") == std::vector<std::string>{}; }));
    EXPECT_EQ(codeOf(s3.send("POST", "/in?delete", "<Delete>")), "400 MalformedXML");
}

TEST(S3Objects, foldersAsSomeToolsMakeThem)
{
    S3Bench s3;
    EXPECT_EQ(s3.put("/in/archive/", "").status, 200);
    EXPECT_TRUE(std::filesystem::is_directory(s3.data / "in/archive"));
    const Answer got = s3.send("HEAD", "/in/archive/");
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(headerOf(got, "Content-Length"), "0");
    EXPECT_EQ(codeOf(s3.get("/in/archive")), "404 NoSuchKey"); // a folder is no object
    EXPECT_EQ(codeOf(s3.put("/in/archive/", "x")), "400 InvalidURI");
    EXPECT_EQ(s3.send("DELETE", "/in/archive/").status, 204);
    EXPECT_FALSE(s3.exists("in/archive"));
    EXPECT_EQ(codeOf(s3.get("/in/archive/")), "404 NoSuchKey");
}

TEST(S3Objects, buckets)
{
    S3Bench s3;
    EXPECT_EQ(textsOf(s3.get("/").body, "Name"), (std::vector<std::string>{"in", "out"}));
    EXPECT_EQ(s3.send("HEAD", "/in").status, 200);
    EXPECT_EQ(s3.send("HEAD", "/none").status, 404);
    EXPECT_NE(s3.get("/in?location").body.find("<LocationConstraint "), std::string::npos);
    EXPECT_NE(s3.get("/in?versioning").body.find("<VersioningConfiguration "), std::string::npos);
    const Answer none = s3.get("/none/a");
    EXPECT_EQ(codeOf(none), "404 NoSuchBucket");
    EXPECT_EQ(textOf(none.body, "Message"),
              "The specified bucket does not exist: buckets are the stores of the workspace, which "
              "has in, out.");
    EXPECT_EQ(textOf(none.body, "Resource"), "/none/a");
    EXPECT_EQ(s3.put("/in", "").status, 200);
    EXPECT_EQ(textOf(s3.put("/new", "").body, "Message"),
              "CreateBucket is not implemented here: a bucket is a folder store of the workspace; "
              "add &quot;new&quot; to &quot;stores&quot; in coldframe.json.");
}

TEST(S3Objects, whatIsNotServedIsNamed)
{
    S3Bench s3;
    const Answer tagging = s3.get("/in/a?tagging");
    EXPECT_EQ(codeOf(tagging), "501 NotImplemented");
    EXPECT_EQ(textOf(tagging.body, "Message"), "GetObjectTagging is not implemented here.");
    EXPECT_EQ(codeOf(s3.send("PATCH", "/in/a")), "501 NotImplemented");
}

} // namespace
} // namespace coldframe::s3::test
