#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/time.h"

namespace coldframe::s3 {

/// "Wed, 04 Mar 2026 09:15:07 GMT", as in headers.
std::string httpDate(TimePoint time);
/// Its whole second; nothing when it is another form of date.
std::optional<TimePoint> readHttpDate(std::string_view text);
/// "2026-03-04T09:15:07.412Z", as in documents.
std::string isoTime(TimePoint time);

} // namespace coldframe::s3
