#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coldframe::study {

/// What was measured with a number of callers who each wait for an answer and call again at once.
struct LevelPoint {
    std::uint32_t concurrency = 0;
    double responseS = 0; ///< mean
};

/// A function that spends some time on its own and some at a resource that all its instances
/// share: a closed queueing network of one delay and one station.
struct Saturation {
    enum class Times : std::uint8_t { Exponential, Constant };
    Times times = Times::Exponential;
    double ownS = 0; ///< mean time that nothing else shares
    double serviceS = 0; ///< mean time at the shared resource, alone there; 0: none is shared
    std::uint32_t servers = 0; ///< of the shared resource; 0: none
    std::uint32_t leastServers = 0, mostServers = 0; ///< that fit nearly as well
    double error = 0; ///< root mean square of ln(model / measured): 0.05 is 5 %

    /// Mean time to an answer with so many callers. Exact for exponential times (the stationary
    /// law of the network, which mean value analysis gives as well); for constant ones as well,
    /// once the callers have spread out.
    double responseS(double callers) const;
    /// Where the line of no waiting meets that of full servers: servers (own + service) / service.
    /// None: nothing is shared.
    std::optional<double> knee() const;
    double mostPerS() const; ///< answers a second that no number of callers passes; 0: no such
};

/// The network that fits best, by least squares of the logarithm of the mean response. Nothing is
/// shared where a shared resource does not explain the levels better than their spread. Where both
/// kinds of times fit about as well, they are of the `likelier` kind.
/// Needs two levels or more, at different concurrencies, all with a response above zero.
Saturation fitSaturation(const std::vector<LevelPoint>& levels,
                         Saturation::Times likelier = Saturation::Times::Exponential);

} // namespace coldframe::study
