#include "s3_bench.h"

namespace coldframe::s3::test {
namespace {

using Texts = std::vector<std::string>;

/// The bucket "in" with these keys.
struct Listed : S3Bench {
    explicit Listed(const Texts& keys)
    {
        for (const std::string& key : keys) {
            std::filesystem::create_directories((data / "in" / key).parent_path());
            writeFile(data / "in" / key, key);
        }
    }
    Texts keys(const std::string& query) { return textsOf(get("/in?" + query).body, "Key"); }
    Texts prefixes(const std::string& query)
    {
        Texts all = textsOf(get("/in?" + query).body, "Prefix");
        all.erase(all.begin()); // the one that was asked for
        return all;
    }
};

TEST(S3Listing, inTheOrderOfBytes)
{
    Listed s3({"a/b", "a.txt", "a-b", "a0", "B", "\xc3\xbc", "a/b.c/d", "a/b.txt"});
    const Texts sorted{"B", "a-b", "a.txt", "a/b", "a/b.c/d", "a/b.txt", "a0", "\xc3\xbc"};
    EXPECT_EQ(s3.keys("list-type=2"), sorted);
    EXPECT_EQ(s3.keys(""), sorted);
}

TEST(S3Listing, whatIsToldOfEach)
{
    Listed s3({"report 01.csv"});
    const std::string xml = s3.get("/in?list-type=2&encoding-type=url").body;
    EXPECT_EQ(textOf(xml, "Name"), "in");
    EXPECT_EQ(textOf(xml, "Key"), "report%2001.csv");
    EXPECT_EQ(textOf(xml, "Size"), "13");
    EXPECT_EQ(
        textOf(xml, "ETag"), "&quot;" + [&] {
            std::string tag = headerOf(s3.get("/in/report%2001.csv"), "ETag");
            return tag.substr(1, tag.size() - 2);
        }() + "&quot;");
    EXPECT_EQ(textOf(xml, "StorageClass"), "STANDARD");
    EXPECT_EQ(textOf(xml, "IsTruncated"), "false");
    EXPECT_EQ(textOf(xml, "KeyCount"), "1");
    EXPECT_EQ(textOf(xml, "EncodingType"), "url");
    EXPECT_EQ(textOf(xml, "LastModified").size(), 24U);
}

TEST(S3Listing, prefixes)
{
    Listed s3({"in/a", "in/b/c", "index", "other"});
    EXPECT_EQ(s3.keys("list-type=2&prefix=in"), (Texts{"in/a", "in/b/c", "index"}));
    EXPECT_EQ(s3.keys("list-type=2&prefix=in/"), (Texts{"in/a", "in/b/c"}));
    EXPECT_EQ(s3.keys("list-type=2&prefix=in/b/c"), (Texts{"in/b/c"}));
    EXPECT_EQ(s3.keys("list-type=2&prefix=none"), Texts{});
    EXPECT_EQ(s3.keys("list-type=2&prefix=../out"), Texts{});
}

TEST(S3Listing, foldersAreCommonPrefixes)
{
    Listed s3({"a", "b/1", "b/2", "c/d/e", "z"});
    std::filesystem::create_directories(s3.data / "in/empty/within");
    EXPECT_EQ(s3.keys("list-type=2&delimiter=/"), (Texts{"a", "z"}));
    EXPECT_EQ(s3.prefixes("list-type=2&delimiter=/"), (Texts{"b/", "c/"}));
    EXPECT_EQ(s3.prefixes("list-type=2&delimiter=/&prefix=c/"), (Texts{"c/d/"}));
    EXPECT_EQ(s3.keys("list-type=2&delimiter=/&prefix=b/"), (Texts{"b/1", "b/2"}));
    EXPECT_EQ(s3.prefixes("list-type=2&delimiter=/&prefix=b"), (Texts{"b/"}));
    EXPECT_EQ(s3.keys("list-type=2&delimiter=/&prefix=b"), Texts{});
}

TEST(S3Listing, anyDelimiter)
{
    Listed s3({"2026-01-a", "2026-01-b", "2026-02-c", "x"});
    EXPECT_EQ(s3.keys("list-type=2&delimiter=-&prefix=2026-"), Texts{});
    EXPECT_EQ(s3.prefixes("list-type=2&delimiter=-&prefix=2026-"), (Texts{"2026-01-", "2026-02-"}));
    EXPECT_EQ(s3.keys("list-type=2&delimiter=-"), (Texts{"x"}));
    EXPECT_EQ(s3.prefixes("list-type=2&delimiter=-"), (Texts{"2026-"}));
}

TEST(S3Listing, pagesAddUpToTheWhole)
{
    Texts keys;
    for (int i = 0; i < 37; ++i)
        keys.push_back("k/" + std::to_string(100 + i) + (i % 5 == 0 ? "/deep" : ""));
    keys.push_back("l");
    Listed s3(keys);
    for (const std::string delimiter : {"", "&delimiter=/&prefix=k/"}) {
        for (const int most : {1, 2, 7, 37, 38, 1000}) {
            Texts all;
            std::string token;
            int pages = 0;
            do {
                const std::string xml
                    = s3.get("/in?list-type=2&max-keys=" + std::to_string(most) + delimiter + token)
                          .body;
                for (const std::string& key : textsOf(xml, "Key"))
                    all.push_back(key);
                Texts prefixes = textsOf(xml, "Prefix");
                all.insert(all.end(), prefixes.begin() + 1, prefixes.end());
                EXPECT_LE(std::stoi(textOf(xml, "KeyCount")), most);
                token = textOf(xml, "NextContinuationToken");
                EXPECT_EQ(textOf(xml, "IsTruncated") == "true", !token.empty());
                std::string encoded;
                for (const char c : token)
                    encoded += c == '=' ? "%3D" : c == '+' ? "%2B" : std::string(1, c);
                token = "&continuation-token=" + encoded;
            } while (token != "&continuation-token=" && ++pages < 100);
            EXPECT_EQ(all.size(), delimiter.empty() ? 38U : 37U) << most << delimiter;
            std::ranges::sort(all);
            EXPECT_EQ(std::ranges::adjacent_find(all), all.end()) << "each once";
        }
    }
}

TEST(S3Listing, startAfterAndMarker)
{
    Listed s3({"a", "b/1", "b/2", "c"});
    EXPECT_EQ(s3.keys("list-type=2&start-after=b/1"), (Texts{"b/2", "c"}));
    EXPECT_EQ(s3.keys("list-type=2&start-after=b"), (Texts{"b/1", "b/2", "c"}));
    EXPECT_EQ(s3.keys("list-type=2&start-after=z"), Texts{});
    EXPECT_EQ(s3.keys("marker=a"), (Texts{"b/1", "b/2", "c"}));
    const std::string page = s3.get("/in?delimiter=/&max-keys=2").body;
    EXPECT_EQ(textOf(page, "NextMarker"), "b/");
    EXPECT_EQ(s3.keys("delimiter=/&marker=b/"), (Texts{"c"}));
    EXPECT_EQ(s3.prefixes("delimiter=/&marker=b/"), Texts{});
}

TEST(S3Listing, badArguments)
{
    Listed s3({"a"});
    EXPECT_EQ(codeOf(s3.get("/in?list-type=2&max-keys=x")), "400 InvalidArgument");
    EXPECT_EQ(codeOf(s3.get("/in?list-type=2&max-keys=-1")), "400 InvalidArgument");
    EXPECT_EQ(codeOf(s3.get("/in?list-type=2&continuation-token=x")), "400 InvalidArgument");
    EXPECT_EQ(codeOf(s3.get("/in?encoding-type=x")), "400 InvalidArgument");
    const std::string none = s3.get("/in?list-type=2&max-keys=0").body;
    EXPECT_EQ(textOf(none, "KeyCount"), "0");
    EXPECT_EQ(textOf(none, "IsTruncated"), "false");
}

TEST(S3Listing, hiddenFilesOfWritersAreNoObjects)
{
    Listed s3({"a"});
    writeFile(s3.data / "in/.coldframe-put-1-1.tmp", "half");
    EXPECT_EQ(s3.keys("list-type=2"), (Texts{"a"}));
    EXPECT_EQ(codeOf(s3.get("/in/.coldframe-put-1-1.tmp")), "400 InvalidURI");
}

TEST(S3Listing, tenThousandKeys)
{
    Texts keys;
    for (int i = 0; i < 10'000; ++i)
        keys.push_back("out/" + std::to_string(100'000 + i) + ".json");
    Listed s3(keys);
    std::size_t count = 0;
    std::string after;
    for (int page = 0; page < 10; ++page) {
        const Texts some = s3.keys("list-type=2&start-after=" + after);
        ASSERT_EQ(some.size(), 1000U);
        count += some.size();
        after = some.back();
    }
    EXPECT_EQ(count, 10'000U);
    EXPECT_EQ(s3.keys("list-type=2&start-after=" + after), Texts{});
}

} // namespace
} // namespace coldframe::s3::test
