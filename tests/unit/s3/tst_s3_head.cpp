// What is read from the heads of requests: operations, keys, ranges, conditions, times.

#include <gtest/gtest.h>

#include "s3/byte_range.h"
#include "s3/call.h"
#include "s3/conditions.h"
#include "s3/time_text.h"
#include "s3/xml_text.h"
#include "s3/xml_tree.h"

using namespace coldframe;
using namespace coldframe::s3;

namespace {

struct OperationRow {
    const char* method;
    const char* bucket;
    const char* key;
    Pairs queries, headers;
    const char* name;
    bool served = true;
};

TEST(S3Head, operations)
{
    const Pairs source{{"x-amz-copy-source", "/in/a"}};
    const Pairs part{{"uploadId", "1"}, {"partNumber", "2"}};
    const OperationRow rows[]{
        {"GET", "", "", {}, {}, "ListBuckets"},
        {"HEAD", "b", "", {}, {}, "HeadBucket"},
        {"PUT", "b", "", {}, {}, "CreateBucket"},
        {"GET", "b", "", {}, {}, "ListObjects"},
        {"GET", "b", "", {{"list-type", "2"}}, {}, "ListObjectsV2"},
        {"GET", "b", "", {{"location", ""}}, {}, "GetBucketLocation"},
        {"GET", "b", "", {{"versioning", ""}}, {}, "GetBucketVersioning"},
        {"GET", "b", "", {{"uploads", ""}}, {}, "ListMultipartUploads"},
        {"POST", "b", "", {{"delete", ""}}, {}, "DeleteObjects"},
        {"GET", "b", "k", {}, {}, "GetObject"},
        {"HEAD", "b", "k", {}, {}, "HeadObject"},
        {"PUT", "b", "k", {}, {}, "PutObject"},
        {"PUT", "b", "k", {}, source, "CopyObject"},
        {"DELETE", "b", "k", {}, {}, "DeleteObject"},
        {"POST", "b", "k", {{"uploads", ""}}, {}, "CreateMultipartUpload"},
        {"PUT", "b", "k", part, {}, "UploadPart"},
        {"PUT", "b", "k", part, source, "UploadPartCopy"},
        {"POST", "b", "k", {{"uploadId", "1"}}, {}, "CompleteMultipartUpload"},
        {"DELETE", "b", "k", {{"uploadId", "1"}}, {}, "AbortMultipartUpload"},
        {"GET", "b", "k", {{"uploadId", "1"}}, {}, "ListParts"},
        {"GET", "b", "k", {{"tagging", ""}}, {}, "GetObjectTagging", false},
        {"PUT", "b", "k", {{"acl", ""}}, {}, "PutObjectAcl", false},
        {"GET", "b", "k", {{"attributes", ""}}, {}, "GetObjectAttributes", false},
        {"POST", "b", "k", {{"select", ""}}, {}, "SelectObjectContent", false},
        {"DELETE", "b", "", {}, {}, "DeleteBucket", false},
        {"PUT", "b", "", {{"versioning", ""}}, {}, "PutBucketVersioning", false},
        {"GET", "b", "", {{"versions", ""}}, {}, "ListObjectVersions", false},
        {"POST", "b", "", {}, {}, "PostObject", false},
    };
    for (const OperationRow& row : rows) {
        Call call;
        call.method = row.method;
        call.bucket = row.bucket;
        call.key = row.key;
        call.queries = row.queries;
        call.headers = row.headers;
        std::string name;
        const Operation operation = findOperation(call, name);
        EXPECT_EQ(operation != Operation::Other, row.served) << row.name;
        EXPECT_EQ(row.served ? nameOf(operation) : std::string_view(name), row.name);
    }
}

TEST(S3Head, percentCoding)
{
    std::string decoded;
    EXPECT_TRUE(percentDecode("report%2001%2B.csv", decoded));
    EXPECT_EQ(decoded, "report 01+.csv");
    EXPECT_TRUE(percentDecode("a+b", decoded));
    EXPECT_EQ(decoded, "a+b");
    for (const char* none : {"%", "%2", "%2g", "%-1", "x%"})
        EXPECT_FALSE(percentDecode(none, decoded)) << none;
    EXPECT_EQ(percentEncode("in/report 01+ü.csv"), "in/report%2001%2B%C3%BC.csv");
}

TEST(S3Head, ranges)
{
    struct Row {
        const char* header;
        std::uint64_t offset, length;
        bool partial;
    };
    const Row rows[]{
        {"", 0, 1000, false},
        {"bytes=0-0", 0, 1, true},
        {"bytes=0-99", 0, 100, true},
        {"bytes=900-", 900, 100, true},
        {"bytes=900-5000", 900, 100, true},
        {"bytes=-100", 900, 100, true},
        {"bytes=-5000", 0, 1000, true},
        {"bytes=999-999", 999, 1, true},
        {"bytes=0-18446744073709551615", 0, 1000, true},
        // What is no range is as if it were not there.
        {"bytes=5-4", 0, 1000, false},
        {"bytes=a-b", 0, 1000, false},
        {"bytes=-", 0, 1000, false},
        {"bytes=1", 0, 1000, false},
        {"bytes=0-1,5-6", 0, 1000, false},
        {"items=0-1", 0, 1000, false},
    };
    for (const Row& row : rows) {
        const auto range = readRange(row.header, 1000);
        ASSERT_TRUE(range) << row.header;
        EXPECT_EQ(range->offset, row.offset) << row.header;
        EXPECT_EQ(range->length, row.length) << row.header;
        EXPECT_EQ(range->partial, row.partial) << row.header;
    }
    for (const char* beyond : {"bytes=1000-", "bytes=1000-1001", "bytes=-0"})
        EXPECT_EQ(readRange(beyond, 1000).error().code, "InvalidRange") << beyond;
    EXPECT_EQ(readRange("bytes=0-", 0).error().status, 416);
    EXPECT_EQ(contentRange({900, 100, true}, 1000), "bytes 900-999/1000");
}

TEST(S3Head, conditions)
{
    const TimePoint modified
        = *readHttpDate("Wed, 04 Mar 2026 09:15:07 GMT") + std::chrono::milliseconds(412);
    const std::string_view same = "Wed, 04 Mar 2026 09:15:07 GMT";
    const std::string_view before = "Wed, 04 Mar 2026 09:15:06 GMT";
    struct Row {
        const char* name;
        Conditions conditions;
        Verdict verdict;
    };
    const Row rows[]{
        {"none", {}, Verdict::Goes},
        {"the tag matches", {"\"abc\"", {}, {}, {}}, Verdict::Goes},
        {"the tag matches without quotes", {"abc", {}, {}, {}}, Verdict::Goes},
        {"one of two tags matches", {"\"x\", \"abc\"", {}, {}, {}}, Verdict::Goes},
        {"any tag", {"*", {}, {}, {}}, Verdict::Goes},
        {"another tag", {"\"x\"", {}, {}, {}}, Verdict::Failed},
        {"not this tag", {{}, "\"abc\"", {}, {}}, Verdict::NotModified},
        {"not another tag", {{}, "\"x\"", {}, {}}, Verdict::Goes},
        {"not modified since", {{}, {}, same, {}}, Verdict::NotModified},
        {"modified since", {{}, {}, before, {}}, Verdict::Goes},
        {"unmodified since", {{}, {}, {}, same}, Verdict::Goes},
        {"not unmodified since", {{}, {}, {}, before}, Verdict::Failed},
        {"a tag wins over a time", {"\"abc\"", {}, {}, before}, Verdict::Goes},
        {"a tag wins over a time, not this", {{}, "\"x\"", same, {}}, Verdict::Goes},
        {"a date that is none", {{}, {}, "yesterday", {}}, Verdict::Goes},
    };
    for (const Row& row : rows)
        EXPECT_EQ(judge(row.conditions, "abc", modified).verdict, row.verdict) << row.name;
}

TEST(S3Head, times)
{
    const TimePoint time{std::chrono::milliseconds(1772615707412)};
    EXPECT_EQ(httpDate(time), "Wed, 04 Mar 2026 09:15:07 GMT");
    EXPECT_EQ(isoTime(time), "2026-03-04T09:15:07.412Z");
    EXPECT_EQ(readHttpDate(httpDate(time)), std::chrono::floor<std::chrono::seconds>(time));
    for (const char* none : {"", "Wed, 30 Feb 2026 09:15:07 GMT", "2026-03-04T09:15:07Z",
                             "Wed, 04 Mar 2026 09:15:07 CET", "Wed, xx Mar 2026 09:15:07 GMT"})
        EXPECT_EQ(readHttpDate(none), std::nullopt) << none;
}

TEST(S3Head, xmlIsEscaped)
{
    XmlText xml;
    xml.open("R");
    // A line end; NUL, U+0001 and U+FFFE, which XML cannot hold at all; no UTF-8; a letter.
    xml.leaf("Key", std::string_view("a<b>&\"c\"\n\0\x01\xef\xbf\xbe\xff\xc3\xbc", 17));
    xml.close();
    EXPECT_EQ(xml.take(),
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<R><Key>a&lt;b&gt;&amp;&quot;c&quot;&#xa;"
              "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xc3\xbc</Key></R>");
}

TEST(S3Head, xmlIsReadWithoutNameSpaces)
{
    const auto root = readXml("<?xml version='1.0'?><s:Delete xmlns:s='urn:x'><Object>"
                              "<Key>a&amp;b</Key></Object><Quiet> true</Quiet></s:Delete>");
    ASSERT_TRUE(root);
    EXPECT_EQ(root->name, "Delete");
    ASSERT_EQ(root->children.size(), 2U);
    EXPECT_EQ(root->children[0].textOf("Key"), "a&b");
    EXPECT_EQ(root->textOf("Quiet"), " true");
    EXPECT_EQ(root->child("None"), nullptr);
}

TEST(S3Head, xmlThatIsRefused)
{
    std::string deep, deepEnd;
    for (int i = 0; i < 100'000; ++i) {
        deep += "<a>";
        deepEnd += "</a>";
    }
    const std::pair<const char*, std::string> rows[]{
        {"nothing", ""},
        {"not closed", "<a>"},
        {"two roots", "<a/><b/>"},
        {"too deep", deep + deepEnd},
        {"entities of its own", "<!DOCTYPE a [<!ENTITY b \"x\">]><a>&b;</a>"},
    };
    for (const auto& [name, text] : rows)
        EXPECT_FALSE(readXml(text)) << name;
}

} // namespace
