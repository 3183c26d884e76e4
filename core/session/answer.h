#pragma once

#include "history/attempt_row.h"
#include "live/event.h"
#include "session/attempt_source.h"
#include "session/session.h"

namespace coldframe::session {

/// What a caller is told of an ending.
Answer makeAnswer(const live::Ending& ending, Duration sandbox);
/// The same from a recorded row and what lies in its blobs.
Answer makeAnswer(const history::AttemptRow& row, AttemptBodies bodies, Duration sandbox);
/// "Cold: all 3 instances were busy, a 4th was started: 0.3 ms spawn + 71 ms init measured,
/// 140 ms sandbox modelled." And why it waited, and which attempt it is.
std::string reasonText(const Answer& answer);

} // namespace coldframe::session
