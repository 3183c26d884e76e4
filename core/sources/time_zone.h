#pragma once

#include <optional>
#include <string_view>

#include "model/error.h"
#include "model/time.h"
#include "sources/cron.h"

namespace date {
class time_zone;
}

namespace coldframe::sources {

/// The zone of an IANA name; null for UTC, which needs no table. Error::Missing names what is
/// close to it.
Result<const date::time_zone*> findTimeZone(std::string_view name);

/// The moment a clock on the wall shows `local`: none when that minute is skipped in spring, the
/// first of two when it is repeated in autumn. Null is UTC.
std::optional<TimePoint> momentOf(const date::time_zone* zone, LocalMinute local);

/// A wall-clock minute from which a search that must not miss anything after `moment` can start;
/// at most three hours early.
LocalMinute searchStart(const date::time_zone* zone, TimePoint moment);

} // namespace coldframe::sources
