#include <algorithm>
#include <charconv>
#include <optional>

#include "model/base64.h"
#include "s3/operations.h"
#include "s3/service.h"
#include "s3/time_text.h"
#include "s3/xml_text.h"

namespace coldframe::s3 {

namespace {

constexpr std::size_t kMostKeys = 1000; ///< a page holds no more, whatever is asked for

/// What a list request asks for, of either version.
struct Wanted {
    stores::ListQuery query;
    bool second = false; ///< ListObjectsV2
    bool encoded = false; ///< keys are told percent-encoded
    bool withOwner = false;
    std::string token; ///< as sent
};

tl::expected<std::size_t, S3Error> mostKeys(const Call& call)
{
    const std::string_view text = call.query("max-keys");
    if (text.empty())
        return kMostKeys;
    std::size_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size())
        return tl::unexpected(invalidArgument(
            "Provided max-keys not an integer or within integer range", "max-keys", text));
    return std::min(number, kMostKeys);
}

tl::expected<Wanted, S3Error> wanted(const Call& call)
{
    Wanted want;
    want.second = call.operation == Operation::ListObjectsV2;
    want.query.prefix = call.query("prefix");
    want.query.delimiter = call.query("delimiter");
    want.query.after = call.query(want.second ? "start-after" : "marker");
    want.withOwner = !want.second || call.query("fetch-owner") == "true";
    const auto most = mostKeys(call);
    if (!most)
        return tl::unexpected(most.error());
    want.query.limit = *most;
    const std::string_view encoding = call.query("encoding-type");
    if (!encoding.empty() && encoding != "url")
        return tl::unexpected(invalidArgument("Invalid Encoding Method specified in Request",
                                              "encoding-type", encoding));
    want.encoded = encoding == "url";
    if (want.second && call.asks("continuation-token")) {
        want.token = call.query("continuation-token");
        auto after = fromBase64(want.token);
        if (!after || after->empty())
            return tl::unexpected(invalidArgument("The continuation token provided is incorrect",
                                                  "continuation-token", want.token));
        want.query.after = std::move(*after);
    }
    return want;
}

class Page {
public:
    Page(const Call& call, const Wanted& want) : m_call(call), m_want(want) { }

    std::string write(Service& service, const stores::FolderStore& store,
                      const stores::ListPage& page)
    {
        m_xml.open("ListBucketResult", true);
        head(page);
        for (const stores::Object& object : page.objects) {
            m_xml.open("Contents");
            m_xml.leaf("Key", told(object.key));
            m_xml.leaf("LastModified", isoTime(object.modified));
            m_xml.leaf("ETag", '"' + service.index.etag(m_call.bucket, store, object) + '"');
            m_xml.leaf("Size", object.bytes);
            m_xml.leaf("StorageClass", "STANDARD");
            if (m_want.withOwner) {
                m_xml.open("Owner");
                m_xml.leaf("ID", "COLDFRAME");
                m_xml.leaf("DisplayName", "coldframe");
                m_xml.close();
            }
            m_xml.close();
        }
        for (const std::string& prefix : page.prefixes) {
            m_xml.open("CommonPrefixes");
            m_xml.leaf("Prefix", told(prefix));
            m_xml.close();
        }
        m_xml.close();
        return m_xml.take();
    }

private:
    std::string told(const std::string& key) const
    {
        return m_want.encoded ? percentEncode(key) : key;
    }

    void head(const stores::ListPage& page)
    {
        const stores::ListQuery& query = m_want.query;
        m_xml.leaf("Name", m_call.bucket);
        m_xml.leaf("Prefix", told(query.prefix));
        m_xml.leaf("MaxKeys", query.limit);
        if (!query.delimiter.empty())
            m_xml.leaf("Delimiter", told(query.delimiter));
        if (m_want.encoded)
            m_xml.leaf("EncodingType", "url");
        m_xml.flag("IsTruncated", page.truncated);
        if (!m_want.second) {
            m_xml.leaf("Marker", told(query.after));
            if (page.truncated && !query.delimiter.empty())
                m_xml.leaf("NextMarker", told(page.last));
            return;
        }
        m_xml.leaf("KeyCount", page.objects.size() + page.prefixes.size());
        if (!m_want.token.empty())
            m_xml.leaf("ContinuationToken", m_want.token);
        if (page.truncated)
            m_xml.leaf("NextContinuationToken", toBase64(page.last));
        if (m_call.asks("start-after"))
            m_xml.leaf("StartAfter", told(std::string(m_call.query("start-after"))));
    }

    const Call& m_call;
    const Wanted& m_want;
    XmlText m_xml;
};

} // namespace

Outcome listObjects(Service& service, const Call& call)
{
    const auto bucket = service.bucket(call.bucket);
    if (!bucket)
        return tl::unexpected(bucket.error());
    const auto want = wanted(call);
    if (!want)
        return tl::unexpected(want.error());
    const auto page = (*bucket)->list(want->query);
    if (!page)
        return tl::unexpected(internalError(describe(page.error())));
    return document(Page(call, *want).write(service, **bucket, *page));
}

} // namespace coldframe::s3
