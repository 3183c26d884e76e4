#pragma once

#include <optional>
#include <string_view>

#include "model/time.h"

namespace coldframe::s3 {

/// The If-… headers of a request; empty where there is none.
struct Conditions {
    std::string_view ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince;

    bool any() const
    {
        return !ifMatch.empty() || !ifNoneMatch.empty() || !ifModifiedSince.empty()
            || !ifUnmodifiedSince.empty();
    }
};

/// What a read of an object that has this ETag (without quotes) and time comes to.
enum class Verdict { Goes, NotModified, Failed };
struct Judged {
    Verdict verdict = Verdict::Goes;
    std::string_view condition; ///< that failed: "If-Match"
};
Judged judge(const Conditions& conditions, std::string_view etag, TimePoint modified);

/// Whether a list of ETags, with or without quotes, or "*", names this one.
bool matchesEtag(std::string_view list, std::string_view etag);

} // namespace coldframe::s3
