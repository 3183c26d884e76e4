#pragma once

#include <cstdint>
#include <vector>

#include "model/time.h"

namespace coldframe::engine {

/// The times a function lay idle, and how long that makes it worth keeping an instance: the hybrid
/// histogram policy of Shahrad et al., "Serverless in the Wild", USENIX ATC 2020, section 4.
///
/// From the paper: one bin a minute over four hours; the keep-alive reaches to the 99th percentile
/// of the idle times, rounded up to whole minutes, plus a margin of 10 %; the histogram is used
/// when the coefficient of variation of its bin counts is above 2 (few bins hold most of it),
/// otherwise, and while too little was seen, a fixed keep-alive holds (theirs: the four hours of
/// the range).
///
/// Decided here: per function, where the paper keeps one for each application. No pre-warming: the
/// window from the 5th percentile, after which their policy loads an image anew, is not waited out,
/// and the instance stays from its last use to the end of the keep-alive window; cold starts are
/// the paper's, idle time is an upper bound. Too little is fewer than 10 idle times; the paper
/// names no number. Where most idle times lie beyond the range, they forecast the next one by
/// ARIMA; here the fixed keep-alive holds.
class IdleHistogram {
public:
    static constexpr std::uint32_t kBins = 240;
    static constexpr Duration kBin = std::chrono::minutes(1);
    static constexpr std::uint32_t kEnough = 10;

    /// From the end of the last attempt to the next invocation of the function.
    void add(Duration idle);
    /// How long an instance stays after its last use; `fallback` when the histogram tells nothing.
    Duration keepAlive(Duration fallback) const
    {
        return m_window > Duration::zero() ? m_window : fallback;
    }

    template <typename Archive> void archive(Archive& with)
    {
        with(m_bins), with(m_within), with(m_beyond), with(m_squares), with(m_window);
    }

private:
    bool representative() const;
    Duration window() const;

    std::vector<std::uint32_t> m_bins; ///< empty before the first idle time
    std::uint64_t m_within = 0, m_beyond = 0; ///< idle times inside the range and past it
    double m_squares = 0; ///< sum of the squared bin counts; exact up to 2^53
    Duration m_window{}; ///< zero: not to be relied on
};

} // namespace coldframe::engine
