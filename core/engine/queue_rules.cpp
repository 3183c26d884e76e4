#include "engine/queue_rules.h"

#include <fmt/format.h>

namespace coldframe::engine {

namespace {

using namespace std::chrono_literals;

class Findings {
public:
    void check(bool good, Error::Code code, const char* field, std::string message,
               std::string hint = {})
    {
        if (!good)
            errors.push_back({code, std::move(message), std::move(hint), {}, field});
    }
    void within(const char* field, Duration value, Duration least, Duration most)
    {
        check(value >= least && value <= most, Error::Code::OutOfRange, field,
              fmt::format("must be between {} and {} s, got {}", toSeconds(least), toSeconds(most),
                          toSeconds(value)));
    }
    void within(const char* field, std::uint32_t value, std::uint32_t least, std::uint32_t most)
    {
        check(value >= least && value <= most, Error::Code::OutOfRange, field,
              fmt::format("must be between {} and {}, got {}", least, most, value));
    }
    std::vector<Error> errors;
};

} // namespace

// Bounds: SQS API reference, SetQueueAttributes, read 2026-11.
std::vector<Error> problemsOf(const QueueRules& queue)
{
    Findings found;
    found.within("visibility", queue.visibility, 0s, 12h);
    found.within("delay", queue.delay, 0s, 15min);
    found.within("retention", queue.retention, 60s, 14 * 24h);
    if (queue.maxReceives > 0) {
        found.within("maxReceives", queue.maxReceives, 1, 1000);
        found.check(queue.deadLetters != kNoQueue, Error::Code::Missing, "maxReceives",
                    "needs a dead-letter queue", "name the queue that messages are moved to");
    }
    return std::move(found.errors);
}

// Bounds: Lambda developer guide, "Creating and configuring an Amazon SQS event source mapping",
// read 2026-11.
std::vector<Error> problemsOf(const MappingRules& mapping, const QueueRules& queue,
                              Duration functionTimeout)
{
    Findings found;
    found.within("batchSize", mapping.batchSize, 1, queue.fifo ? 10 : 10'000);
    found.within("window", mapping.window, 0s, queue.fifo ? 0s : 300s);
    found.check(queue.fifo || mapping.batchSize <= 10 || mapping.window >= 1s,
                Error::Code::Conflict, "window", "must be at least 1 s when batchSize is above 10",
                "set a window, or lower batchSize");
    if (mapping.maxConcurrency != 0)
        found.within("maxConcurrency", mapping.maxConcurrency, 2, 1000);
    found.check(functionTimeout <= queue.visibility, Error::Code::Conflict, "visibility",
                fmt::format("must not be below the function's timeout of {} s, got {}",
                            toSeconds(functionTimeout), toSeconds(queue.visibility)),
                "raise it: six times the timeout is advised, and the window on top");
    return std::move(found.errors);
}

} // namespace coldframe::engine
