#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/queue_rules.h"
#include "engine/scaling_rules.h"
#include "model/fidelity.h"
#include "model/time.h"

// The rules the engine runs by: what a platform file and a workspace say, as plain numbers.
namespace coldframe::engine {

enum class DispatchOrder : std::uint8_t {
    MostRecentlyUsed,
    LeastRecentlyUsed,
    Newest,
    Oldest,
    Random,
};

/// How long an idle instance lives, counted from its last use.
struct KeepAlive {
    enum class Kind : std::uint8_t {
        Survival, ///< by the curve below: one point is a fixed time, none is for ever
        None, ///< no time: retired when its work is done
        Histogram, ///< by how long the function lay idle before: see IdleHistogram
    };
    struct Point {
        Duration idle{};
        double alive = 0; ///< share of instances that live at least this long, 1 … 0, falling
    };
    /// Ascending in idle. {{K, 0}} alone: exactly K. Between points the share is linear.
    std::vector<Point> survival;
    Kind kind = Kind::Survival;
    Duration fallback = std::chrono::hours(4); ///< of Histogram, while it tells nothing
};

/// Tokens that come back one by one, `refill` for all of them. Nothing accrues above capacity.
struct TokenBucket {
    std::uint32_t capacity = 0; ///< 0: unlimited
    Duration refill{}; ///< time in which an empty bucket fills
    Duration otherRefill{}; ///< the same for functions that are not called; zero: no difference
};

/// What a synchronous call meets that finds no room.
struct Saturation {
    enum class Policy : std::uint8_t {
        Reject, ///< refused at once
        Queue, ///< waits its turn, in one line with the function's asynchronous events
    };
    Policy policy = Policy::Reject;
    std::uint32_t maxLength = 0; ///< calls of one function that may wait; 0: unlimited
    /// Refused when it has not begun by then; 0: none. Served when its turn comes exactly then. The
    /// caller's patience, no delivery wait: `timeScale` does not divide it.
    Duration deadline{};
    /// If that is longer, so many times the mean start of an instance so far; 0: not. Only where a
    /// timer decides how many instances there are.
    Millionths startups = 0;
};

struct Platform {
    std::string id; ///< "aws-lambda-x86_64"
    std::string title; ///< "AWS Lambda x86_64"
    std::string priceBook; ///< id of the price book
    std::string region;
    std::string asOf; ///< "2026-09", newest of its figures

    DispatchOrder dispatch = DispatchOrder::MostRecentlyUsed;
    KeepAlive keepAlive;
    TokenBucket scaleUp;
    Scaling scaling;
    Saturation saturation;
    std::uint32_t instanceConcurrency = 1; ///< of functions that do not say; 0: any number
    std::uint32_t minInstances = 0; ///< likewise
    std::optional<std::uint32_t> maxInstances; ///< likewise
    std::uint32_t accountConcurrency = 1000;
    std::uint32_t unreservedMinimum = 100; ///< of the account's, that reservations must leave

    Duration initLimit{};
    Duration sandbox{}; ///< modelled: creating the sandbox, before the init is measured
    std::uint32_t mbPerVcpu = 1769; ///< memory that buys one vCPU; 0: CPU is not scaled

    std::vector<Duration> retryDelays; ///< of asynchronous events, one a retry
    Duration billingStep{}; ///< billed time is rounded up to this
    bool initBilled = true;
    /// Attempts are billed, by configured memory. Else the engine knows no bill of this platform.
    bool attemptsBilled = true;

    std::uint32_t maxSyncBytes = 0, maxAsyncBytes = 0, maxResponseBytes = 0, maxStreamBytes = 0;
    std::uint32_t asyncFirstRequestBytes = 0, asyncExtraRequestBytes = 0; ///< billing chunks
};

struct FunctionRules {
    std::uint32_t memoryMb = 128;
    Duration timeout{};
    std::optional<std::uint32_t> reserved;
    std::uint32_t provisioned = 0;
    /// Most instances alive at once (starting, idle and busy, provisioned ones included); none: no
    /// cap. Apart from `reserved`, which counts attempts. 0 lets no instance start.
    std::optional<std::uint32_t> maxInstances;
    /// Instances kept where a timer decides how many there are.
    std::uint32_t minInstances = 0;
    /// Its events are not calls: TokenBucket::otherRefill.
    bool otherWork = false;
    /// Attempts an instance serves at once, for those started from now on; 0: any number.
    std::uint32_t instanceConcurrency = 1;
    std::uint32_t retries = 2;
    Duration maxEventAge{};
    /// Changes when memory, environment or runtime change: instances of another value retire.
    std::uint64_t instanceKey = 0;
    bool removed = false; ///< keeps its id, takes no events
    /// Whose draws the function's are; 0: its id's. By name, a function keeps its luck when others
    /// come, go or change places.
    std::uint64_t luck = 0;
};

struct Configuration {
    Platform platform;
    std::vector<FunctionRules> functions; ///< by FunctionId; never gets shorter
    std::vector<QueueRules> queues; ///< by QueueId; likewise
    std::vector<MappingRules> mappings; ///< by MappingId; likewise, and each keeps its queue
    std::uint64_t seed = 1;
    double timeScale = 1; ///< divides delivery waits only
    Fidelity fidelity = Fidelity::Desk;
};

} // namespace coldframe::engine
