#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/action.h"
#include "engine/configuration.h"
#include "engine/input.h"

namespace coldframe::engine {

/// Where a function's pool stands, for screens and tests.
struct PoolCounts {
    std::uint32_t initialising = 0, idle = 0, busy = 0;
    std::uint32_t inUse = 0; ///< counted against limits: busy, or started for a waiting event
    std::uint32_t waiting = 0; ///< events that are due, and queued calls, that find no room
    std::uint32_t delayed = 0; ///< asynchronous events that wait for their retry
    std::uint32_t limit = 0; ///< reserved, or what the account leaves
    bool shares = false; ///< the limit is the account's, shared with other functions
};

/// Where a queue stands.
struct QueueCounts {
    std::uint32_t visible = 0; ///< FIFO: with those whose group has a message in flight
    std::uint32_t delayed = 0;
    std::uint32_t inFlight = 0; ///< received and neither deleted nor visible again
    std::optional<TimePoint> oldestSentAt; ///< none: empty
    bool fifo = false; ///< which kind it is now: that stays while it holds messages
    std::uint32_t depth() const { return visible + delayed + inFlight; }
};

/// Where one message stands.
struct MessageCounts {
    QueueId queue = 0;
    std::uint32_t receives = 0; ///< in this queue
    std::uint32_t receipt = 0; ///< of the latest receive
    bool inFlight = false;
    TimePoint sentAt{};
    TimePoint firstReceivedAt{}; ///< in this queue; zero: never
    TimePoint visibleAt{}; ///< while delayed or in flight; else in the past
};

/// Where a mapping stands.
struct MappingCounts {
    std::uint32_t running = 0; ///< batches that wait or are at work
    std::uint32_t allowed = 0; ///< of those, now
    std::uint32_t gathered = 0; ///< messages of the batch that is gathered
};

/// The rules of scaling, delivery and metering, as a state machine without input or output.
/// Same configurations and inputs at the same times give the same actions, to the bit.
class Engine {
public:
    Engine();
    ~Engine();
    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;

    /// Makes a configuration known; it takes effect with Configured{revision}.
    std::uint32_t define(Configuration configuration);
    bool hasRevision(std::uint32_t revision) const;
    const Configuration& revision(std::uint32_t revision) const;
    /// The one in force.
    const Configuration& configuration() const;

    /// The id the next Arrived will get, so that its body can be stored first. Deadlines change it:
    /// step a Tick to the time of the Arrived before, unless it is quietUntil() then.
    InvocationId nextInvocation() const;

    /// Runs every deadline that lies before `now`, each at its own time and in order, then the
    /// input. Appends what must be done to `out`. `now` never runs backwards; asserted.
    /// A deadline at `now` itself runs once time has passed it: so everything that happens at one
    /// instant comes before it (an idle gap of exactly the keep-alive is warm), and a timer that
    /// fires late, early or twice changes nothing.
    void step(TimePoint now, const Input& input, Actions& out);
    // The same for the three that most of a simulation consists of, without the variant.
    void step(TimePoint now, const Arrived& input, Actions& out);
    void step(TimePoint now, const WorkStarted& input, Actions& out);
    void step(TimePoint now, const WorkFinished& input, Actions& out);
    /// Runs the deadlines up to and including `now`. For a virtual clock that knows no further
    /// input at this instant; a live driver steps a Tick after the deadline instead.
    void advance(TimePoint now, Actions& out);

    /// When the engine next has something to do by itself. Nothing for an empty pool.
    std::optional<TimePoint> nextDeadline() const;
    /// True: surely nothing by itself up to and including that time. Cheaper, and may be too
    /// careful.
    bool quietUntil(TimePoint last) const;
    TimePoint now() const;

    PoolCounts counts(FunctionId function) const;
    QueueCounts queue(QueueId queue) const;
    std::optional<MessageCounts> message(MessageId message) const; ///< none: it is gone
    MappingCounts mapping(MappingId mapping) const;

    /// Everything that decides the future, but not the configurations, which the caller keeps and
    /// defines again in the same order before load().
    std::vector<std::byte> save() const;
    /// False when the bytes are not a checkpoint of this version; the engine is then as new.
    bool load(std::span<const std::byte> bytes);

private:
    class State;
    std::unique_ptr<State> m_state;
};

/// "Cold: all 3 instances were busy, a 4th was started." In English, for logs, recordings and the
/// command line; the window has its own translated sentences.
std::string describe(const Reason& reason);
/// What a waiting event waited for: "reserved concurrency 2, 2 in use"; empty for other reasons.
std::string describeWait(const Reason& reason);

} // namespace coldframe::engine
