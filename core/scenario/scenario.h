#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cost/price_book.h"
#include "engine/configuration.h"
#include "model/error.h"
#include "model/json_text.h"
#include "sim/model.h"

// A scenario file: workload × functions × platform × rules of the pool. docs/SIMULATION.md and
// resources/schema/scenario.schema.json describe it.
namespace coldframe::scenario {

/// A function of a recording, to be looked up.
struct RecordingRef {
    std::string path; ///< as written, relative to the scenario file
    std::string function; ///< its name there
    std::string pointer; ///< where the scenario says so
};

/// A function of a published trace, to be looked up.
struct TraceRef {
    enum class Kind : std::uint8_t { Azure2019, Azure2021 };
    Kind kind = Kind::Azure2019;
    std::string path; ///< as written, relative to the scenario file: a folder (2019) or a file
    std::optional<int> day; ///< of 2019, where the folder holds several
    std::string function; ///< its name there, or how the name begins; empty: by `rank`
    std::uint32_t rank = 0; ///< 1: the one invoked most
    std::string pointer; ///< where the scenario says so
};

struct ServiceSpec {
    sim::Law law;
    std::optional<double> cpuShare; ///< of the time at `atMemoryMb`, 0 … 1
    std::optional<std::uint32_t> atMemoryMb; ///< the law's memory size; unset: the function's
    std::optional<RecordingRef> fitted; ///< the law is to be made from this
    std::optional<TraceRef> traced; ///< or from this
};

struct ColdStartSpec {
    sim::ColdStart::Mode mode = sim::ColdStart::Mode::Added;
    sim::Law law;
    std::string runtime; ///< of the published cold starts, when there is no law
    std::string package = "zip"; ///< likewise
    std::optional<RecordingRef> fitted;
    bool sandbox = false; ///< the platform's share comes on top
};

struct ArrivalSpec {
    sim::ArrivalModel model;
    std::optional<RecordingRef> recording;
    std::optional<TraceRef> trace;
    double rateFactor = 1; ///< of a recording's or a trace's arrivals
    double fromS = 0; ///< of the trace: where the simulation begins
    bool even = false; ///< a minute's arrivals are as many as counted, and evenly spaced
};

struct VisitSpec {
    std::string backend; ///< by name
    sim::Visits visits; ///< whose index is filled in when all backends are known
    std::string pointer; ///< "/functions/orders/visits/0"
};

struct QueueSpec {
    sim::QueueModel model; ///< all but the index of its dead-letter queue until all are known
    std::string deadLetters; ///< by name; empty: none
    std::string pointer; ///< "/queues/parts"
};

/// How a function reads a queue.
struct ReadSpec {
    std::string queue; ///< by name
    sim::QueueReader reader; ///< whose index is filled in when all queues are known
    std::string pointer; ///< "/functions/FUNCTION/queue"
};

struct StreamSpec {
    sim::StreamModel model;
    std::string function; ///< by name: its records go there
    std::string pointer; ///< "/streams/clicks"
};

struct ScenarioFunction {
    sim::FunctionModel model; ///< all but what follows
    std::optional<cost::Architecture> architecture; ///< unset: the platform's
    std::optional<std::uint32_t> instanceConcurrency; ///< unset: the pool's
    std::optional<std::uint32_t> minInstances; ///< likewise
    ServiceSpec service;
    std::vector<VisitSpec> visits;
    std::optional<ReadSpec> reads;
    std::optional<std::uint32_t> stream; ///< that feeds it: index into Scenario::streams
    std::optional<ColdStartSpec> coldStart;
    ArrivalSpec arrivals; ///< of one that reads a queue: of messages; of a stream: of records
    bool hasArrivals = true; ///< false: it reads what others send
    std::string pointer; ///< "/functions/orders"
};

enum class WhenFull : std::uint8_t { Reject, Queue };

/// Where the timer that decides how many instances there are differs from the platform's.
struct ScalingSpec {
    struct Setting {
        const char* key;
        bool kpa, target; ///< which decider goes by it
        std::function<void(engine::Scaling&)> apply;
    };
    std::optional<engine::Scaling::Decider> decider; ///< unset: the platform's
    std::vector<Setting> settings;
    std::string pointer; ///< "/pool/scaling"
};

struct PoolSpec {
    std::optional<engine::DispatchOrder> dispatch; ///< unset: the platform's
    std::optional<engine::KeepAlive> keepAlive; ///< likewise
    std::optional<std::uint32_t> instanceConcurrency; ///< 0: unbounded
    std::optional<std::uint32_t> minInstances, maxInstances; ///< unset: the platform's
    bool anyInstances = false; ///< no most number of them, whatever the platform's
    ScalingSpec scaling;
    std::optional<WhenFull> whenFull;
    std::uint32_t queueLength = 0; ///< 0: endless
    std::optional<double> queueDeadlineS;
};

struct Scenario {
    std::string name;
    std::string platform = "aws-lambda-x86_64";
    std::uint64_t seed = 1;
    std::uint32_t replications = 1;
    double durationS = 3600, warmUpS = 0;
    double stepS = 60; ///< of the time series
    std::optional<std::uint32_t> accountConcurrency; ///< unset: the platform's
    PoolSpec pool;
    std::vector<sim::BackendRules> backends; ///< in file order
    std::vector<QueueSpec> queues; ///< likewise
    std::vector<StreamSpec> streams; ///< likewise
    std::vector<ScenarioFunction> functions; ///< in file order
};

/// Longest simulated time: 31 years; see sim::kLongestNs.
inline constexpr double kLongestS = 1e9;
/// Most steps of a series.
inline constexpr double kMostSteps = 1e6;

/// Reads a scenario; every finding at once, with file, place and remedy.
tl::expected<Scenario, std::vector<Error>> readScenario(const JsonText& text);

/// The model of a scenario in which nothing is left to be looked up: laws, cold starts and arrivals
/// have been filled in. Errors: memory differs from the law's and no CPU share is known; rules that
/// contradict each other.
tl::expected<sim::Model, std::vector<Error>>
resolve(const Scenario& scenario, const engine::Platform& platform, const JsonText& text);

} // namespace coldframe::scenario
