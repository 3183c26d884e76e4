#pragma once

#include <algorithm>
#include <span>

#include "sim/law.h"
#include "traces/workload.h"

namespace coldframe::traces {

/// How long the invocations of one function take, drawn from a law. The i-th of a minute is the
/// same whoever asks and whatever was asked before.
class ServiceDraws {
public:
    /// The law must outlive this.
    ServiceDraws(const sim::Law& law, std::uint64_t seed, std::uint64_t entity)
        : m_draws(law, sim::Stream(seed, sim::Draw::Service, entity))
    { }
    /// Those from the i-th of the minute on, in µs.
    void fill(std::size_t minute, std::size_t i, std::span<std::int64_t> out) const
    {
        constexpr std::int64_t kNsOfUs = 1000;
        m_draws.fill((std::uint64_t{minute} << 32) + i, out);
        for (std::int64_t& service : out)
            service = std::max(kLeastServiceUs, service / kNsOfUs);
    }

private:
    sim::Draws m_draws;
};

} // namespace coldframe::traces
