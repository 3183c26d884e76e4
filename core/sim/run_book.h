#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cost/meters.h"
#include "engine/action.h"
#include "engine/configuration.h"
#include "engine/input.h"
#include "model/money.h"
#include "sim/figure_book.h"

namespace coldframe::sim {

/// The figures of one function, or of all, in a run of the engine.
struct RunFigures {
    Figures figures;
    Histogram latency; ///< of attempts on the platform: sandbox, init and run; the desk's waits out
    std::uint64_t throttled = 0; ///< calls refused for want of room
    std::uint64_t waits = 0; ///< asynchronous events that found no room at once
    std::uint64_t retries = 0; ///< events that went back after a failed attempt
    std::uint64_t deadLetters = 0; ///< events given up: after their last attempt, or too old
    std::uint64_t coldStarts = 0; ///< instances started for an attempt
    std::uint64_t failed = 0; ///< attempts that did not succeed
    cost::Wide billedMbNs = 0;
    cost::Meters meters; ///< keeping instances provisioned included
};

/// How latency and cost of all functions together went on.
struct RunCourse {
    static constexpr int kLatencySteps = 5; ///< of the series' steps, in one of `latency`
    /// Percentiles of the attempts that ended in a span of kLatencySteps steps; seconds. Nothing
    /// where none ended.
    struct Latency {
        std::optional<double> p50S, p95S;
    };
    std::vector<Latency> latency;
    Duration lastStep{}; ///< length of the last step, which ends with the run
    std::vector<Money> cost; ///< from the beginning to the end of each step, without a free tier
};

struct RunPrices {
    const cost::PriceBook* book = nullptr;
    cost::Architecture architecture = cost::Architecture::X86_64;
    std::vector<std::uint32_t> ephemeralMb; ///< by FunctionId; missing ones have what is free
};

/// Keeps the figures of a run by looking at what goes into the engine and what it asks for, whoever
/// drives it: a recording read again or a virtual clock. So what two runs did alike counts alike.
class RunBook {
public:
    /// Times of the window count from `begin`.
    RunBook(const Window& window, TimePoint begin, RunPrices prices);

    /// Before the step with it.
    void configured(TimePoint at, const engine::Configuration& configuration);
    void arrived(TimePoint at, InvocationId id, const engine::Arrived& in);
    /// What the engine asked for at `at`, its own time.
    void add(TimePoint at, const engine::Action& action);

    /// Invocations that arrived and have not ended.
    std::uint64_t alive() const { return m_alive; }

    struct Result {
        std::vector<RunFigures> functions; ///< by FunctionId
        RunFigures total; ///< peaks are those of all together
        RunCourse course; ///< empty without a step
    };
    Result close();

private:
    struct Call {
        std::uint32_t serial = 0; ///< 0: none
        FunctionId function = 0;
        bool sync = true, started = false, bound = false;
        std::int64_t arrivedAt = 0;
    };
    struct Page {
        explicit Page(const Window& window) : book(window) { }
        RunFigures run;
        FigureBook book;
    };
    template <typename Do> void both(FunctionId function, const Do& note);
    Call& call(InvocationId id, FunctionId function);
    void end(InvocationId id);
    void take(Call& call, std::int64_t at, bool cold);
    void unbind(Call& call, std::int64_t at);
    void hold(TimePoint until);
    template <typename Do> void eachHeld(TimePoint until, const Do& tell) const;
    void reach(std::int64_t at);
    void endLatencySpan();

    void on(std::int64_t at, const engine::Reject& action);
    void on(std::int64_t at, const engine::Wait& action);
    void on(std::int64_t at, const engine::Start& action);
    void on(std::int64_t at, const engine::Join& action);
    void on(std::int64_t at, const engine::Dispatch& action);
    void on(std::int64_t at, const engine::Stop& action);
    void on(std::int64_t at, const engine::Meter& action);
    void on(std::int64_t at, const engine::Ack& action);
    void on(std::int64_t at, const engine::Release& action);
    void on(std::int64_t at, const engine::DeadLetter& action);
    template <typename Other> void on(std::int64_t, const Other&) { }

    Window m_window;
    TimePoint m_begin;
    RunPrices m_prices;
    const engine::Configuration* m_rules = nullptr;
    TimePoint m_heldFrom{};
    std::vector<Page> m_pages;
    Page m_total;
    std::vector<Call> m_calls; ///< by the engine's slot
    std::uint64_t m_alive = 0;
    RunCourse m_course;
    Histogram m_span; ///< of the latencies since the last span ended
    std::int64_t m_stepEnd;
};

} // namespace coldframe::sim
