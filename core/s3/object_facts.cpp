#include "s3/object_facts.h"

#include <algorithm>
#include <array>

namespace coldframe::s3 {

namespace {

constexpr std::string_view kMetadata = "x-amz-meta-";
/// Source: Amazon S3 user guide, "Working with object metadata", read 2026-11.
constexpr std::size_t kMostMetadata = 2048;
constexpr std::array<std::string_view, 4> kKept{"cache-control", "content-disposition",
                                                "content-language", "expires"};

/// "gzip, aws-chunked" was sent of a body that is stored as gzip.
std::string storedEncoding(std::string_view encodings)
{
    std::string stored;
    while (!encodings.empty()) {
        const std::size_t end = std::min(encodings.find(','), encodings.size());
        std::string_view one = encodings.substr(0, end);
        encodings.remove_prefix(std::min(end + 1, encodings.size()));
        while (one.starts_with(' '))
            one.remove_prefix(1);
        while (one.ends_with(' '))
            one.remove_suffix(1);
        if (one.empty() || one == "aws-chunked")
            continue;
        stored.append(stored.empty() ? "" : ",").append(one);
    }
    return stored;
}

struct Ending {
    std::string_view suffix, type;
};
constexpr std::array<Ending, 22> kEndings{{
    {".csv", "text/csv"},
    {".css", "text/css"},
    {".gif", "image/gif"},
    {".gz", "application/gzip"},
    {".htm", "text/html"},
    {".html", "text/html"},
    {".jpeg", "image/jpeg"},
    {".jpg", "image/jpeg"},
    {".js", "text/javascript"},
    {".json", "application/json"},
    {".md", "text/markdown"},
    {".mp4", "video/mp4"},
    {".pdf", "application/pdf"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".tar", "application/x-tar"},
    {".tsv", "text/tab-separated-values"},
    {".txt", "text/plain"},
    {".wav", "audio/x-wav"},
    {".webp", "image/webp"},
    {".xml", "application/xml"},
    {".zip", "application/zip"},
}};

} // namespace

tl::expected<ObjectFacts, S3Error> factsOf(const Call& call)
{
    ObjectFacts facts;
    if (const std::string_view type = call.header("content-type"); !type.empty())
        facts.contentType = type;
    for (const std::string_view name : kKept)
        if (const std::string_view value = call.header(name); !value.empty())
            facts.headers.emplace_back(name, value);
    if (std::string encoding = storedEncoding(call.header("content-encoding")); !encoding.empty())
        facts.headers.emplace_back("content-encoding", std::move(encoding));
    std::size_t bytes = 0;
    for (const auto& [name, value] : call.headers) {
        if (!name.starts_with(kMetadata))
            continue;
        facts.metadata.emplace_back(name.substr(kMetadata.size()), value);
        bytes += name.size() - kMetadata.size() + value.size();
    }
    if (bytes > kMostMetadata)
        return tl::unexpected(S3Error{
            400,
            "MetadataTooLarge",
            "Your metadata headers exceed the maximum allowed metadata size",
            {{"Size", std::to_string(bytes)}, {"MaxSizeAllowed", std::to_string(kMostMetadata)}}});
    return facts;
}

std::string headerLines(const ObjectFacts& facts)
{
    std::string lines = "ETag: \"" + facts.etag + "\"\r\n";
    for (const auto& [name, value] : facts.headers)
        lines.append(name).append(": ").append(value).append("\r\n");
    for (const auto& [name, value] : facts.metadata)
        lines.append(kMetadata).append(name).append(": ").append(value).append("\r\n");
    return lines;
}

std::string_view contentTypeOf(std::string_view key)
{
    for (const Ending& ending : kEndings)
        if (key.ends_with(ending.suffix))
            return ending.type;
    return kPlainType;
}

} // namespace coldframe::s3
