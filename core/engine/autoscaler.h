#pragma once

#include <cstdint>
#include <vector>

#include "engine/action.h"
#include "engine/load_window.h"
#include "engine/scaling_rules.h"

namespace coldframe::engine {

/// Decides for one function how many instances there should be. Knows the load and what it decided
/// before, but no instance: the engine tells it the counts and starts and ends them.
///
/// The rules of Decider::Kpa are those of Knative Serving at 98e5ef90 (autoscaler.go; of going to
/// zero kpa/scaler.go), read 2026-08-21, with these differences: the average is exact instead of
/// one of samples a second, and all is looked at with each tick.
class Autoscaler {
public:
    struct Counts {
        std::uint32_t ready = 0; ///< at work or idle, and to stay
        std::uint32_t alive = 0; ///< with those that are starting
        std::uint32_t load = 0; ///< requests that wait or are at work
        std::uint32_t least = 0, most = 0; ///< instances there may be
    };
    struct Decision {
        std::uint32_t wanted = 0;
        Why why = Why::None; ///< of more instances
        std::uint32_t load = 0; ///< what decided, in thousandths of a request
        bool rest = false; ///< nothing is there and nothing comes: it need not be asked again
    };

    bool awake() const { return m_awake; }
    /// From now on there is something to decide. `requests` an instance serves at once, 0: any.
    void wake(TimePoint now, const Scaling& rules, std::uint32_t ready);
    void rest() { m_awake = false; }
    /// Instances were there before: nothing is known of the load that they are for.
    void found(TimePoint now, std::uint32_t alive);

    /// The load has been this since the last call.
    void settle(TimePoint now, std::uint32_t load) { m_load.settle(now, load); }
    /// `concurrency`: requests an instance serves at once, 0: any number. Settle the load first.
    Decision decide(TimePoint now, const Scaling& rules, std::uint32_t concurrency,
                    const Counts& counts);
    TimePoint nextTick(TimePoint now, const Scaling& rules) const;

    // How long starts take, for the patience of calls.
    void starting(TimePoint now);
    void ready(TimePoint now, Duration took);
    /// The mean of the starts so far; of the first, while it is under way, how long it has taken.
    Duration meanStartup(TimePoint now) const;

    template <typename Archive> void archive(Archive& with)
    {
        with(m_load), with(m_awake), with(m_panics), with(m_panicAt), with(m_panicMost);
        with(m_stage), with(m_stageSince), with(m_buffered), with(m_bufferedSince);
        with(m_wants), with(m_startups), with(m_startupSum), with(m_firstStart);
    }

private:
    /// Of a function that has, or had, instances: what going to zero goes by.
    enum class Stage : std::uint8_t { Activating, Active, Inactive };
    struct Wanted {
        TimePoint at{};
        std::uint32_t count = 0;
    };

    LoadWindow::Average average(Duration span, const Counts& counts) const;
    std::uint32_t byWindows(TimePoint now, const Scaling& rules, std::uint64_t target,
                            const Counts& counts, Decision& decision);
    void lookAtBuffer(TimePoint now, const Scaling& rules, std::uint64_t target,
                      const Counts& counts);
    std::uint32_t delayed(TimePoint now, Duration delay, std::uint32_t wanted);
    std::uint32_t toZero(TimePoint now, const Scaling& rules, const Counts& counts);

    LoadWindow m_load;
    bool m_awake = false;
    bool m_panics = false;
    TimePoint m_panicAt{}; ///< when the load was last that high
    std::uint32_t m_panicMost = 0;
    Stage m_stage = Stage::Activating;
    TimePoint m_stageSince{};
    bool m_buffered = false; ///< a buffer is in the way of the requests
    TimePoint m_bufferedSince{};
    std::vector<Wanted> m_wants; ///< falling counts in the order of time, for the delay
    std::uint32_t m_startups = 0;
    Duration m_startupSum{};
    TimePoint m_firstStart = TimePoint::min();
};

} // namespace coldframe::engine
