#pragma once

#include <stop_token>

#include "history/action_digest.h"
#include "history/recording_reader.h"
#include "sim/run_book.h"
#include "sim/script.h"

namespace coldframe::study {

/// A recording taken apart, and what came of it when it was recorded.
struct RecordedRun {
    sim::Script script;
    sim::RunBook::Result figures;
    history::ActionDigest digestBefore; ///< of what the engine had asked for when it began
    history::ActionDigest digest; ///< likewise, at the end
    Duration step{}; ///< of the series
};

struct ScriptOptions {
    sim::RunPrices prices;
    std::vector<std::string> names; ///< of functions
    std::stop_token stop{};
};

/// Feeds the recorded inputs to a fresh engine and notes what each of its actions led to. Takes
/// some 70 bytes an input. Errors: those of history::replay(), and a recording without inputs.
Result<RecordedRun> makeScript(const history::RecordingReader& recording,
                               const ScriptOptions& options);

/// A round step that gives a series of this length at most 600 of them, 100 ms at least.
Duration seriesStep(Duration length);

} // namespace coldframe::study
