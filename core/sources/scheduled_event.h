#pragma once

#include <string>
#include <string_view>

#include "model/time.h"
#include "sources/event_text.h"

namespace coldframe::sources {

/// The platform's Scheduled Event for a trigger that fires at `time` (told in whole seconds).
/// Source: EventBridge user guide, "Event structure" and "Scheduled rules", read 2026-11.
std::string scheduledEvent(std::string_view trigger, TimePoint time,
                           const EventOrigin& origin = {});

} // namespace coldframe::sources
