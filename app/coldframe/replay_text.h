#pragma once

#include <string>

#include "study/replay_study.h"

// What a replay has to tell, as text and as JSON.
namespace coldframe::commands {

/// "equal: 124 inputs, 2 digests compared" or where the first difference lies. One line.
std::string replayVerdict(const study::ReplayStudy& study);

/// The figures of the recording alone; one column.
std::string figuresText(const study::Comparison& comparison);
/// Recorded, replayed, change; then where the times came from.
std::string comparisonText(const study::Comparison& comparison);

/// One line. `played` is null when nothing was changed.
std::string replayJson(const study::ReplayStudy& study, const study::Changes& changes,
                       const study::PlayedRun* played);

} // namespace coldframe::commands
