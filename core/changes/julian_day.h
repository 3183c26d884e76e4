#pragma once

#include "model/time.h"

namespace coldframe::changes {

/// The time that SQLite's julianday() gave, to the millisecond; the epoch for what is far out.
TimePoint timeOfJulianDay(double day);

} // namespace coldframe::changes
