#pragma once

#include <algorithm>
#include <cstdint>

#include "cost/wide.h"
#include "sim/histogram.h"

namespace coldframe::sim {

/// What happened at one backend in one run, as whole numbers, like Figures: visits count by their
/// beginning, integrals are cut at both ends of the window. Times are nanoseconds.
struct BackendFigures {
    // visits = answered + abandoned + refused + withdrawn + open.
    std::uint64_t visits = 0;
    std::uint64_t answered = 0; ///< served to their end, while somebody waited for it
    std::uint64_t abandoned = 0; ///< served to their end for nobody: the attempt had ended
    std::uint64_t refused = 0; ///< at the limit of connections
    std::uint64_t withdrawn = 0; ///< the attempt ended before they were served
    std::uint64_t open = 0; ///< at the end of the run
    std::uint64_t served = 0; ///< that a server began with

    cost::Wide waitNs = 0; ///< sum over those served: until a server began
    cost::Wide responseNs = 0; ///< sum over those answered: waits and service
    cost::Wide busyNs = 0; ///< integral of servers at work
    cost::Wide connectionNs = 0; ///< integral of connections held
    cost::Wide waitingNs = 0; ///< integral of visits that wait for a connection or a server
    std::int64_t peakConnections = 0;

    Histogram wait; ///< of those served, at once or later
    Histogram response; ///< of those answered

    void add(const BackendFigures& b)
    {
        visits += b.visits, answered += b.answered, abandoned += b.abandoned;
        refused += b.refused, withdrawn += b.withdrawn, open += b.open, served += b.served;
        waitNs += b.waitNs, responseNs += b.responseNs;
        busyNs += b.busyNs, connectionNs += b.connectionNs, waitingNs += b.waitingNs;
        peakConnections = std::max(peakConnections, b.peakConnections);
        wait.add(b.wait), response.add(b.response);
    }
    bool operator==(const BackendFigures&) const = default;
};

} // namespace coldframe::sim
