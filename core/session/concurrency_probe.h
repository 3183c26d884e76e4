#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "session/session.h"

namespace coldframe::session {

/// What is asked of a function at each level.
struct ProbePlan {
    std::string function;
    std::string event = "{}"; ///< JSON text, the same for each call
    /// That is measured, after the warm-up; longer when not each caller has had an answer by then.
    Duration length = std::chrono::seconds(3);
    Duration warmUp = std::chrono::milliseconds(500); ///< at least, once each caller has an answer
};

/// What a number of callers saw who each wait for an answer and then call again at once. Measured,
/// on this machine; cold starts and what came before the warm-up was over are not in it.
struct ProbeLevel {
    std::uint32_t concurrency = 0;
    std::uint64_t calls = 0; ///< answered in the time measured
    std::uint64_t failed = 0; ///< of those, with an error or a timeout, cold ones as well
    std::uint64_t cold = 0; ///< more answers, of attempts that waited for a new instance
    /// Answers a second that are no errors: callers over the mean time to an answer; where some
    /// fail or wait for a new instance, as counted.
    double perS = 0;
    /// From the call to its answer, in ns, ascending; of answers that are no errors.
    std::vector<std::int64_t> response;
    double meanS = 0; ///< of `response`
    double deskCpuShare = 0; ///< of all cores of this machine, time average, 0 … 1
    /// Why the level could not be measured: a limit of the platform or of this machine, or no call
    /// that succeeds. Empty: it was.
    std::string unmeasured;
    bool failsAlways = false; ///< that is why
};

/// Measures one level; blocks until it is done. `interrupted` is asked ten times a second: when it
/// says so, the calls under way are waited for and the level is left out (`calls` is 0).
/// Errors: the event or the function is refused.
Result<ProbeLevel> measureLevel(Session& session, const ProbePlan& plan, std::uint32_t concurrency,
                                const std::function<bool()>& interrupted);

} // namespace coldframe::session
