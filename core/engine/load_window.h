#pragma once

#include <cstdint>
#include <vector>

#include "model/time.h"

namespace coldframe::engine {

/// The load of one function over the last while: its integral over time, in steps of equal length.
/// Whole numbers throughout. Load is requests: waiting or at work.
class LoadWindow {
public:
    /// An average as the exact quotient of two whole numbers.
    struct Average {
        std::uint64_t loadNs = 0; ///< integral of the load, in requests times ns
        std::uint64_t ns = 1; ///< over this long
    };

    /// Begins anew: nothing is known from before. `length` is a multiple of `step`.
    void begin(TimePoint now, Duration step, Duration length);
    /// The load has been `load` since the last call, or since it began.
    void settle(TimePoint now, std::uint32_t load);
    /// Whether a step is over.
    bool knows() const { return m_done > 0; }
    /// Over the whole steps in the last `span`, or as many of them as there were: of a load that
    /// has just begun, the past is not taken for zero. Ask only when it knows.
    Average over(Duration span) const;

    TimePoint origin() const { return m_origin; } ///< where it began: steps begin at multiples
    TimePoint until() const { return m_until; } ///< where it was settled last

    template <typename Archive> void archive(Archive& with)
    {
        with(m_step), with(m_origin), with(m_until), with(m_done), with(m_current), with(m_steps);
    }

private:
    Duration m_step{};
    TimePoint m_origin{}, m_until{};
    std::uint64_t m_done = 0; ///< steps that are over
    std::int64_t m_current = 0; ///< integral over the one under way
    std::vector<std::int64_t> m_steps; ///< integrals over the last ones, as a ring
};

} // namespace coldframe::engine
