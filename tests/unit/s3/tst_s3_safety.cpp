// Who may ask, and that no key leads out of the folder.

#include <filesystem>

#include <sys/stat.h>

#include "s3_bench.h"

namespace coldframe::s3::test {
namespace {

struct Secret : S3Bench {
    Secret()
    {
        writeFile(data / "secret", "secret");
        std::filesystem::create_directories(data / "outside");
        writeFile(data / "outside/secret", "secret");
    }
    bool untouched() const
    {
        return readFile(data / "secret") == "secret"
            && readFile(data / "outside/secret") == "secret"
            && std::distance(std::filesystem::directory_iterator(data / "outside"), {}) == 1
            && std::distance(std::filesystem::directory_iterator(data.path()), {}) == 4;
    }
};

TEST(S3Safety, keysThatAreNoPlaceInTheFolder)
{
    Secret s3;
    const std::string longName(256, 'n'), longKey = [] {
        std::string key;
        while (key.size() < 4096)
            key += "0123456789/";
        return key + "x";
    }();
    const std::pair<std::string, const char*> rows[]{
        {"../secret", "400 InvalidURI"},   {"%2e%2e/secret", "400 InvalidURI"},
        {"..%2fsecret", "400 InvalidURI"}, {"a/../../secret", "400 InvalidURI"},
        {"a/..", "400 InvalidURI"},        {"./a", "400 InvalidURI"},
        {"/etc/passwd", "400 InvalidURI"}, {"%2fetc/passwd", "400 InvalidURI"},
        {"a//b", "400 InvalidURI"},        {"a%00b", "400 InvalidURI"},
        {"a%zz", "400 InvalidURI"},        {".coldframe-put-1", "400 InvalidURI"},
        {longName, "400 KeyTooLongError"}, {longKey, "400 KeyTooLongError"},
    };
    for (const auto& [key, code] : rows) {
        EXPECT_EQ(codeOf(s3.get("/in/" + key)), code) << key;
        EXPECT_EQ(codeOf(s3.put("/in/" + key, "evil")), code) << key;
        EXPECT_EQ(codeOf(s3.put("/in/" + key + "/", "")), code) << key;
        EXPECT_EQ(codeOf(s3.send("DELETE", "/in/" + key)), code) << key;
        EXPECT_EQ(s3.send("HEAD", "/in/" + key).status, 400) << key;
        EXPECT_EQ(codeOf(s3.put("/in/ok", "", "x-amz-copy-source: /in/" + key + "\r\n")),
                  key == "a%zz" ? "400 InvalidArgument" : code)
            << key;
    }
    EXPECT_TRUE(s3.eventually([&] { return s3.files("in") == std::vector<std::string>{}; }));
    EXPECT_TRUE(s3.untouched());
}

TEST(S3Safety, bucketsThatAreNone)
{
    Secret s3;
    for (const char* path : {"/../secret", "/..%2fsecret", "/./secret", "/%00/secret"})
        EXPECT_EQ(codeOf(s3.get(path)), "404 NoSuchBucket") << path;
}

TEST(S3Safety, linksOutOfTheFolder)
{
    Secret s3;
    namespace fs = std::filesystem;
    fs::create_directory_symlink(s3.data / "outside", s3.data / "in/folder");
    fs::create_symlink(s3.data / "outside/secret", s3.data / "in/file");
    fs::create_symlink("../outside/secret", s3.data / "in/relative");
    const Answer read = s3.get("/in/file");
    EXPECT_EQ(codeOf(read), "403 AccessDenied");
    EXPECT_NE(
        textOf(read.body, "Message").find("it is a symbolic link to a place outside the store"),
        std::string::npos);
    EXPECT_EQ(codeOf(s3.get("/in/relative")), "403 AccessDenied");
    EXPECT_EQ(codeOf(s3.get("/in/folder/secret")), "403 AccessDenied");
    EXPECT_EQ(codeOf(s3.put("/in/folder/secret", "evil")), "403 AccessDenied");
    EXPECT_EQ(codeOf(s3.put("/in/folder/new/", "")), "403 AccessDenied");
    EXPECT_EQ(codeOf(s3.send("DELETE", "/in/folder/secret")), "403 AccessDenied");
    EXPECT_EQ(codeOf(s3.put("/in/copy", "", "x-amz-copy-source: /in/file\r\n")),
              "403 AccessDenied");
    // A link is replaced, never written through.
    EXPECT_EQ(s3.put("/in/file", "own").status, 200);
    EXPECT_EQ(s3.get("/in/file").body, "own");
    EXPECT_EQ(s3.send("DELETE", "/in/relative").status, 204);
    EXPECT_TRUE(s3.untouched());
}

TEST(S3Safety, linksWithinTheFolderAreRead)
{
    S3Bench s3;
    std::filesystem::create_directories(s3.data / "in/data");
    writeFile(s3.data / "in/data/a", "hello");
    std::filesystem::create_symlink("data/a", s3.data / "in/latest");
    EXPECT_EQ(s3.get("/in/latest").body, "hello");
    std::filesystem::create_symlink("nowhere", s3.data / "in/dangling");
    EXPECT_EQ(codeOf(s3.get("/in/dangling")), "404 NoSuchKey");
}

TEST(S3Safety, whatIsNoFile)
{
    S3Bench s3;
    ::mkfifo((s3.data / "in/pipe").c_str(), 0600);
    std::filesystem::create_directories(s3.data / "in/folder");
    EXPECT_EQ(codeOf(s3.get("/in/pipe")), "404 NoSuchKey");
    EXPECT_EQ(codeOf(s3.get("/in/folder")), "404 NoSuchKey");
    s3.put("/in/file", "x");
    EXPECT_EQ(codeOf(s3.get("/in/file/below")), "404 NoSuchKey");
    EXPECT_EQ(codeOf(s3.put("/in/file/below", "x")), "403 AccessDenied");
    EXPECT_EQ(codeOf(s3.put("/in/folder", "x")), "403 AccessDenied");
    EXPECT_EQ(s3.file("in/file"), "x");
}

TEST(S3Safety, webPagesMayNotAsk)
{
    S3Bench s3;
    s3.put("/in/a", "hello");
    const std::pair<const char*, std::string> rows[]{
        {"a page of another site", "Host: 127.0.0.1\r\nOrigin: http://evil.example\r\n"},
        {"a link on such a page", "Host: 127.0.0.1\r\nSec-Fetch-Site: cross-site\r\n"},
        {"a name that leads here", "Host: evil.example:80\r\n"},
    };
    for (const auto& [name, lines] : rows) {
        RawClient client(s3.port, "GET /in/a HTTP/1.1\r\n" + lines + "\r\n");
        EXPECT_EQ(codeOf(client.read()), "403 AccessDenied") << name;
        RawClient writer(s3.port,
                         "PUT /in/b HTTP/1.1\r\n" + lines + "Content-Length: 4\r\n\r\nevil");
        EXPECT_EQ(codeOf(writer.read()), "403 AccessDenied") << name;
    }
    EXPECT_TRUE(s3.eventually([&] { return s3.files("in") == std::vector<std::string>{"a"}; }));
}

TEST(S3Safety, malformedRequestsAreRefusedInS3Shape)
{
    S3Bench s3;
    RawClient client(s3.port, "GET /in/a HTTP/1.1\r\n\r\n");
    const Answer answer = client.read();
    EXPECT_EQ(codeOf(answer), "400 InvalidRequest");
    EXPECT_EQ(headerOf(answer, "Content-Type"), "application/xml");
}

TEST(S3Safety, aFullListOfDeletionsIsBounded)
{
    S3Bench s3;
    std::string xml = "<Delete>";
    for (int i = 0; i < 1001; ++i)
        xml += "<Object><Key>k</Key></Object>";
    EXPECT_EQ(codeOf(s3.send("POST", "/in?delete", xml + "</Delete>")), "400 MalformedXML");
}

} // namespace
} // namespace coldframe::s3::test
