#pragma once

#include <vector>

#include "engine/engine.h"
#include "sim/calendar.h"
#include "sim/script_arrivals.h"
#include "sim/script_samples.h"
#include "sim/scripted_run.h"

// The insides of runScript().
namespace coldframe::sim {

/// A fact that will reach the engine, unless what it follows from is over.
struct ComingFact {
    std::int64_t key = 0; ///< ns since the run began
    std::uint64_t order = 0; ///< recorded row; of drawn facts beyond all rows
    std::uint32_t token = 0; ///< of what was asked for; 0: nothing of an instance
    std::uint32_t place = 0; ///< slot of the instance
    InvocationId work; ///< what it was to work on
    bool lengthened = false; ///< drawn: the answer to what had none in the recording
    bool wasTaken = false; ///< and is counted as recorded until it comes
    FunctionId function = 0;
    engine::Input input;

    bool operator<(const ComingFact& b) const
    {
        return key != b.key ? key < b.key : order < b.order;
    }
};

class ScriptedRun {
public:
    /// Figures are counted until `end`.
    ScriptedRun(const Script& script, const ScriptedRunOptions& options, TimePoint end);
    ScriptedResult run();

private:
    /// An invocation, by the engine's slot for it.
    struct Call {
        std::uint32_t serial = 0; ///< this run's; 0: none
        std::uint32_t recorded = 0; ///< the recording's
        std::uint32_t copy = 0;
        std::uint32_t attemptsDone = 0;
        std::uint32_t token = 0; ///< of the attempt an instance works on; 0: none
        std::uint64_t luck(std::uint32_t attempt) const
        {
            return recorded + (std::uint64_t{copy} << 32) + (std::uint64_t{attempt} << 56);
        }
    };
    /// An instance, by the engine's slot.
    struct Place {
        std::uint32_t latest = 0; ///< token of what it was asked for last; 0: it is gone
        std::uint32_t memoryMb = 0;
    };
    /// What the engine asked for, and of whom.
    struct Asked {
        ChainKey key;
        FunctionId function = 0;
        InstanceId instance; ///< none: of Persist
        InvocationId invocation;
        bool recorded = true; ///< it may have a chain of its own
        bool cold = false;
        std::uint64_t luck = 0;
    };

    // scripted_run.cpp
    void begin();
    std::int64_t nextFact() const;
    bool settled() const;
    bool over(std::int64_t next, bool deadline) const;
    void feedNext();
    void tell(const PlannedFact& fact);
    void configure(std::uint32_t revision);
    void step(const engine::Input& input);
    void carryOut(TimePoint at);
    TimePoint now() const { return m_script.begin + Duration(m_now); }

    // scripted_chains.cpp
    void on(const engine::Persist& action);
    void on(const engine::Start& action);
    void on(const engine::Dispatch& action);
    void on(const engine::Stop& action);
    void on(const engine::Meter& action);
    template <typename Other> void on(const Other&) { }
    Call& callOf(InvocationId id);
    Place& placeOf(InstanceId id);
    bool holds(const ComingFact& fact) const;
    void follow(const Asked& asked);
    void take(const Asked& asked, const Chain& chain);
    void draw(const Asked& asked, const Chain& chain);
    void lengthen(const Asked& asked, const Chain& chain);
    void assume(const Asked& asked);
    ScriptStep rescaled(ScriptStep step, const Asked& asked, const Chain& chain) const;
    void push(const Asked& asked, const ScriptStep& step, std::uint64_t order, bool lengthened);

    const Script& m_script;
    const ScriptedRunOptions& m_options;
    ScriptSamples m_samples;
    std::vector<PlannedFact> m_plan;
    std::size_t m_planned = 0;
    engine::Engine m_engine;
    engine::Actions m_actions;
    std::uint32_t m_firstRevision = 0; ///< of the changed configurations
    RunBook m_book;
    Calendar<ComingFact> m_calendar;
    std::uint64_t m_order; ///< of the next drawn fact
    std::int64_t m_now = 0;

    std::vector<Call> m_calls;
    std::vector<InvocationId> m_idOf; ///< by recorded serial, from Script::firstSerial
    std::vector<Place> m_places;
    std::uint32_t m_tokens = 0; ///< given out
    std::vector<std::uint32_t> m_provisioned; ///< by FunctionId: starts so far
    std::vector<Origins> m_origins;
    bool m_stopped = false;
};

} // namespace coldframe::sim
