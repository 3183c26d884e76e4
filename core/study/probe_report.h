#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "study/saturation_fit.h"

namespace coldframe::study {

/// One concurrency of a probe: what was measured, where it could be, and what the fit says.
struct ProbePoint {
    std::uint32_t concurrency = 0;
    struct Figures {
        double perS = 0; ///< answers a second
        double meanS = 0, p50S = 0, p95S = 0, p99S = 0; ///< time to an answer
    };
    std::optional<Figures> measured;
    std::optional<Figures> simulated; ///< none: there is no fit
    std::string unmeasured; ///< why there is nothing measured
    std::uint64_t calls = 0, failed = 0, cold = 0; ///< measured
    double deskCpuShare = 0; ///< measured, 0 … 1
};

/// What a probe found, ready to be shown.
struct ProbeReport {
    std::vector<ProbePoint> points; ///< by ascending concurrency
    std::optional<Saturation> fit; ///< none: fewer than three levels were measured
    /// The machine's own cores were busy at the levels past the knee: the limit may be theirs.
    bool machineBusy = false;
    /// So many answers a second that handing them out may be what limits them.
    bool machineRate = false;
    /// The lowest level at which calls fail that did not at lower ones. Levels from there on are no
    /// part of the fit.
    std::optional<std::uint32_t> failsFrom;

    /// The highest concurrency that still shortens the work: the knee, to the nearest whole number,
    /// or the last level at which calls do not fail. None: there is no such limit, or it is this
    /// machine's.
    std::optional<std::uint32_t> proposed() const;
};

/// Fits the measured points and simulates each level with the fit.
/// `seed`: of the simulation. `stopped`: asked between levels; ends early, with what there is.
ProbeReport analyse(std::vector<ProbePoint> points, std::uint64_t seed,
                    const std::function<bool()>& stopped = {});

/// One row a level: concurrency, measured and simulated figures, calls, CPU share.
std::string toCsv(const ProbeReport& report);

} // namespace coldframe::study
