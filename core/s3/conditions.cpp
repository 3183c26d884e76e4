#include "s3/conditions.h"

#include "s3/time_text.h"

namespace coldframe::s3 {

bool matchesEtag(std::string_view list, std::string_view etag)
{
    while (!list.empty()) {
        const std::size_t end = list.find(',');
        std::string_view tag = list.substr(0, end);
        list.remove_prefix(end == list.npos ? list.size() : end + 1);
        while (tag.starts_with(' '))
            tag.remove_prefix(1);
        while (tag.ends_with(' '))
            tag.remove_suffix(1);
        if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"')
            tag = tag.substr(1, tag.size() - 2);
        if (tag == "*" || tag == etag)
            return true;
    }
    return false;
}

/// Source: Amazon S3 API reference, GetObject, "Conditional requests": a tag that matches wins over
/// a time that does not, read 2026-11.
Judged judge(const Conditions& conditions, std::string_view etag, TimePoint modified)
{
    const TimePoint second = std::chrono::floor<std::chrono::seconds>(modified);
    if (!conditions.ifMatch.empty()) {
        if (!matchesEtag(conditions.ifMatch, etag))
            return {Verdict::Failed, "If-Match"};
    } else if (const auto since = readHttpDate(conditions.ifUnmodifiedSince);
               since && second > *since) {
        return {Verdict::Failed, "If-Unmodified-Since"};
    }
    if (!conditions.ifNoneMatch.empty()) {
        if (matchesEtag(conditions.ifNoneMatch, etag))
            return {Verdict::NotModified, "If-None-Match"};
    } else if (const auto since = readHttpDate(conditions.ifModifiedSince);
               since && second <= *since) {
        return {Verdict::NotModified, "If-Modified-Since"};
    }
    return {};
}

} // namespace coldframe::s3
