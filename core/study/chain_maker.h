#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "history/input_batch.h"
#include "sim/script.h"

namespace coldframe::study {

/// Takes a recorded run apart while it is fed to an engine: which facts followed which action.
class ChainMaker {
public:
    ChainMaker(sim::Script& script, const engine::Engine& engine)
        : m_script(script), m_engine(engine)
    { }

    /// The engine had a history before: all instances are old until the first is started.
    void goesOn() { m_oldInstances = kAll; }
    /// Before the engine is stepped with it.
    void told(const history::RecordedInput& in, std::uint64_t row);
    /// What the engine asked for at `at`, its own time.
    void asked(TimePoint at, const engine::Action& action);
    /// Sorts what was found.
    void finish();

private:
    static constexpr std::uint32_t kAll = 0xffff'ffff;
    static constexpr std::size_t kNone = ~std::size_t{0};
    struct Open {
        sim::Chain chain;
        TimePoint at{};
        std::vector<sim::ScriptStep> steps;
        bool over = false, timedOut = false; ///< of Work: the attempt
        TimePoint overAt{};
    };
    struct Instance {
        std::uint32_t memoryMb = 0;
        std::uint32_t latest = 0; ///< what it was asked for last: serial of an invocation; 0: start
        std::size_t start = kNone; ///< of its chains, the one that began it
    };

    /// Serials of an instance and of the invocation it works on; 0 while it starts.
    using Place = std::pair<std::uint32_t, std::uint32_t>;

    std::optional<Place> placeOf(const engine::Input& input) const;
    static void follow(Open& open, const history::RecordedInput& in, std::uint64_t row);
    void close(Open& open, TimePoint at, bool whole);
    void closeOf(InstanceId instance, TimePoint at, bool timedOut, bool all);
    void open(InstanceId instance, const sim::Chain& chain, TimePoint at, std::uint32_t work);
    std::uint32_t memoryOf(FunctionId function) const;
    std::uint32_t attemptOf(std::uint32_t invocation) const;

    void on(TimePoint at, const engine::Persist& action);
    void on(TimePoint at, const engine::Start& action);
    void on(TimePoint at, const engine::Dispatch& action);
    void on(TimePoint at, const engine::Stop& action);
    void on(TimePoint at, const engine::Meter& action);
    void on(TimePoint at, const engine::Ack& action);
    void on(TimePoint at, const engine::DeadLetter& action);
    template <typename Other> void on(TimePoint, const Other&) { }

    sim::Script& m_script;
    const engine::Engine& m_engine;
    std::uint32_t m_oldInstances = 0; ///< serials up to this were there when it began
    std::map<Place, Open> m_open;
    std::map<std::uint32_t, Open> m_persisting; ///< by serial of the invocation
    std::map<std::uint32_t, std::uint32_t> m_attemptsDone; ///< likewise; of those in a queue
    std::map<std::uint32_t, Instance> m_instances; ///< by serial
    std::map<FunctionId, std::uint32_t> m_provisioned;
};

} // namespace coldframe::study
