#include "engine/engine.h"

#include <fmt/format.h>

// Reasons as sentences. Numbers always, so that a reader can check the decision.
namespace coldframe::engine {

namespace {

std::string plural(std::uint32_t n, std::string_view one, std::string_view many)
{
    return fmt::format("{} {}", n, n == 1 ? one : many);
}

/// "a 4th", "an 8th", "an 11th"
std::string anOrdinal(std::uint32_t n)
{
    const std::string digits = fmt::to_string(n);
    const bool vowel = digits.front() == '8'
        || (digits.size() % 3 == 2 && (digits.starts_with("11") || digits.starts_with("18")));
    const std::uint32_t tens = n % 100, ones = n % 10;
    const char* suffix = tens >= 11 && tens <= 13 ? "th"
        : ones == 1                               ? "st"
        : ones == 2                               ? "nd"
        : ones == 3                               ? "rd"
                                                  : "th";
    return fmt::format("{} {}{}", vowel ? "an" : "a", digits, suffix);
}

/// " of 80 at once", or of any number
std::string ofAtOnce(std::uint32_t limit)
{
    return limit == 0 ? " at once" : fmt::format(" of {} at once", limit);
}

std::string coldAllBusy(const Reason& r)
{
    std::string others;
    if (r.a > 0 && r.b > 0)
        others = fmt::format("{} busy and {} starting",
                             plural(r.a, "instance was", "instances were"), r.b);
    else if (r.b > 0)
        others = r.b == 1 ? "the only instance was still starting"
                          : fmt::format("all {} instances were still starting", r.b);
    else
        others = r.a == 1 ? "the only instance was busy"
                          : fmt::format("all {} instances were busy", r.a);
    return fmt::format("Cold: {}, {} was started", others, anOrdinal(r.c));
}

std::string coldNoneAlive(const Reason& r)
{
    switch (static_cast<Why>(r.a)) {
    case Why::None:
        return "Cold: the function had no instance yet";
    case Why::KeepAliveExpired:
        return fmt::format("Cold: the last instance was retired {} s ago by the keep-alive", r.b);
    case Why::CodeChangedStop:
        return fmt::format("Cold: the code changed {} s ago, which retired the instances", r.b);
    case Why::SettingsChangedStop:
        return fmt::format("Cold: settings changed {} s ago, which retired the instances", r.b);
    case Why::AttemptTimedOut:
        return fmt::format("Cold: the last instance timed out {} s ago", r.b);
    case Why::Crashed:
        return fmt::format("Cold: the last instance crashed {} s ago", r.b);
    case Why::DebuggedStop:
        return fmt::format("Cold: the last instance was debugged and ended {} s ago", r.b);
    default:
        return fmt::format("Cold: no instance was alive; the last one ended {} s ago", r.b);
    }
}

/// The limit an event met, in words of its own.
std::string limitReached(const Reason& r)
{
    switch (r.why) {
    case Why::ThrottledReserved:
        return fmt::format("reserved concurrency {}, {} in use", r.a, r.b);
    case Why::ThrottledAccount:
        return fmt::format("the account leaves {} concurrent executions, {} in use", r.a, r.b);
    case Why::ThrottledScaleUp:
        return fmt::format("scaling up by more than {} instances at once; the next may start in {} "
                           "ms",
                           r.a, r.b);
    case Why::ThrottledOff:
        return "reserved concurrency is 0, the function is switched off";
    case Why::ThrottledMaxInstances:
        return fmt::format("at most {}, {} alive and none free",
                           plural(r.a, "instance", "instances"), r.b);
    case Why::NoneFree:
        return fmt::format("no instance has room: {} ready, {} starting; how many there are is up "
                           "to the autoscaler",
                           r.a, r.b);
    default:
        return {};
    }
}

std::string scaled(const Reason& r)
{
    const std::string there = plural(r.a, "instance was", "instances were");
    switch (r.why) {
    case Why::ScaledToMinimum:
        return fmt::format("Scaled up: {} there, {} are the least", there, r.b);
    case Why::ScaledForWaiting:
        return fmt::format("Scaled up: {} there, {} for one", there,
                           plural(r.b, "event waited", "events waited"));
    case Why::ScaledDown: {
        const std::string served = plural(r.a, "request", "requests");
        return r.b == 0
            ? fmt::format("Scaled down: retired after its last event, having served {}", served)
            : fmt::format("Scaled down: {} of {} instances wanted; it served {}", r.c, r.b, served);
    }
    default:
        return fmt::format("Scaled up{}: {} there, a load of {}.{:03} requests wants {}",
                           r.why == Why::ScaledUpPanic ? " in panic" : "", there, r.c / 1000,
                           r.c % 1000, r.b);
    }
}

std::string warm(const Reason& r, std::string_view order)
{
    if (r.a == 1)
        return fmt::format("Warm: the only idle instance, idle for {} ms", r.b);
    return fmt::format("Warm: the {} of {} idle instances, idle for {} ms", order, r.a, r.b);
}

/// "3 messages come back when their visibility timeout is over"
std::string comeBack(std::uint32_t n)
{
    return fmt::format("{} back when {} visibility timeout is over",
                       plural(n, "message comes", "messages come"), n == 1 ? "its" : "their");
}

/// Of messages and batches.
std::string ofMessage(const Reason& r)
{
    switch (r.why) {
    case Why::DuplicateMessage:
        return fmt::format("Accepted, but not queued again: message {} had the same deduplication "
                           "id in the last {} s",
                           r.a, r.b);
    case Why::BatchReturned:
        return fmt::format("The attempt failed: {}", comeBack(r.a));
    case Why::ItemsReturned:
        return fmt::format("The answer names {} of {} as failed: {}", r.a,
                           plural(r.b, "message", "messages"), comeBack(r.a));
    case Why::BatchAnswerUnusable:
        return fmt::format("The answer's batchItemFailures cannot be used, so the whole batch has "
                           "failed: {}",
                           comeBack(r.a));
    case Why::BatchUnserved:
        return fmt::format("Given up: the batch of {} had waited {} ms for room when the "
                           "visibility timeout was over",
                           plural(r.a, "message", "messages"), r.b);
    case Why::BatchEmptied:
        return fmt::format("Not run: {} deleted before it began",
                           plural(r.a, "message was", "messages were"));
    case Why::MaxReceives:
        return fmt::format("Moved to the dead-letter queue: received {}, the limit is {}",
                           plural(r.a, "time", "times"), r.b);
    case Why::RedrivenByUser:
        return "Sent back by the user";
    case Why::MessageExpired:
        return fmt::format("Dropped: older than the retention of {} s", r.a);
    case Why::PurgedByUser:
        return "Dropped: the queue was purged";
    case Why::DeletedByReceiver:
        return "Deleted by its receiver";
    case Why::VisibilitySet:
        return r.a == 0 ? "Made visible at once by its receiver"
                        : fmt::format("Hidden for {} ms more by its receiver", r.a);
    case Why::StaleReceipt:
        return fmt::format("Nothing is changed: the receipt is of receive {}, the latest is {}",
                           r.a, r.b);
    case Why::ReceiptExpired:
        return fmt::format("Refused: the receipt of receive {} has expired", r.a);
    case Why::NotInFlight:
        return "Refused: the message is not in flight";
    case Why::VisibilityTooLong:
        return fmt::format("Refused: {} s more would hide the message for longer than 12 hours",
                           r.a);
    case Why::NoSuchMessage:
        return "There is no such message any more";
    case Why::NoSuchQueue:
        return "There is no such queue";
    case Why::FilteredOut:
        return "Deleted: it does not match the trigger's filter";
    case Why::DeletedByUser:
        return "Deleted by hand";
    case Why::MessageInFlight:
        return "Refused: somebody is at work on the message";
    default:
        return "";
    }
}

} // namespace

std::string describe(const Reason& r)
{
    switch (r.why) {
    case Why::None:
        return "";
    case Why::ColdAllBusy:
        return coldAllBusy(r);
    case Why::ColdNoneAlive:
        return coldNoneAlive(r);
    case Why::Provisioned:
        return fmt::format("Provisioned: {} of {} instances were there, one was started", r.a, r.b);
    case Why::ReinitAfterFailure:
        return "The init failed and is run once more, inside the attempt";
    case Why::ReinitAfterInitTimeout:
        return fmt::format("The init passed its limit of {} ms and is run once more, inside the "
                           "attempt",
                           r.a);
    case Why::WarmMostRecentlyUsed:
        return warm(r, "most recently used");
    case Why::WarmLeastRecentlyUsed:
        return warm(r, "least recently used");
    case Why::WarmNewest:
        return warm(r, "newest");
    case Why::WarmOldest:
        return warm(r, "oldest");
    case Why::WarmRandom:
        return warm(r, "randomly chosen one");
    case Why::ColdReady:
        return "The instance that was started for it is ready";
    case Why::FromQueue:
        return fmt::format("Warm: an instance became free after the event had waited {} ms; "
                           "{} waiting",
                           r.b, plural(r.a, "event is still", "events are still"));
    case Why::ThrottledReserved:
    case Why::ThrottledAccount:
    case Why::ThrottledScaleUp:
    case Why::ThrottledOff:
    case Why::ThrottledMaxInstances:
    case Why::NoneFree:
        return "Throttled: " + limitReached(r);
    case Why::WaitsForJournal:
        return "The event is being written to the journal";
    case Why::EventTooOld:
        return fmt::format("Given up: the event is {} s old and its limit is {} s, counting the "
                           "next retry",
                           r.a, r.b);
    case Why::KeepAliveExpired:
        return fmt::format("Retired after {} s idle, having served {}", r.a,
                           plural(r.b, "request", "requests"));
    case Why::CodeChangedStop:
        return fmt::format("Retired because the code changed, having served {}",
                           plural(r.a, "request", "requests"));
    case Why::SettingsChangedStop:
        return fmt::format("Retired because memory, environment or runtime changed, having served "
                           "{}",
                           plural(r.a, "request", "requests"));
    case Why::LimitLowered:
        return fmt::format("Retired because the limit was lowered to {}", r.a);
    case Why::AttemptTimedOut:
        return fmt::format("Stopped: the attempt passed its timeout of {} ms", r.a);
    case Why::InitTimedOut:
        return fmt::format("Stopped: the init passed its limit of {} ms", r.a);
    case Why::Crashed:
        return fmt::format("The process ended by itself, having served {}",
                           plural(r.a, "request", "requests"));
    case Why::InitFailedStop:
        return "Stopped: its init failed";
    case Why::CancelledByUser:
        return "Cancelled by the user";
    case Why::FunctionRemoved:
        return "The function was removed from the workspace";
    case Why::ProvisionedLowered:
        return fmt::format("Retired because provisioned concurrency was lowered to {}", r.a);
    case Why::Success:
        return "Succeeded";
    case Why::RetryAfterError:
        return fmt::format("Failed {}: the next attempt is due in {} s",
                           r.a == 1 ? "once" : fmt::format("{} times", r.a), r.b);
    case Why::RetriesExhausted:
        return fmt::format("Given up after {}", plural(r.a, "attempt", "attempts"));
    case Why::ReservedZero:
        return "Given up: reserved concurrency is 0, the function is switched off";
    case Why::QueueFull:
        return fmt::format("Refused: the queue holds {} at most, {} waiting",
                           plural(r.a, "call", "calls"), r.b);
    case Why::QueueDeadline:
        return fmt::format("Refused: waited {} ms in the queue, its limit is {} ms", r.a, r.b);
    case Why::SharesBusy:
        return fmt::format("Warm: shares the most recently used instance with room, as {}{}",
                           anOrdinal(r.a), ofAtOnce(r.b));
    case Why::JoinsStarting:
        return fmt::format("Joins an instance that is starting, as {}{}", anOrdinal(r.a),
                           ofAtOnce(r.b));
    case Why::SharedReady:
        return fmt::format("The instance it joined is ready; it had waited {} ms for it", r.a);
    case Why::DebuggedStop:
        return fmt::format("Retired after debugging, having served {}",
                           plural(r.a, "request", "requests"));
    case Why::ColdAhead:
        return fmt::format("Cold: an instance got ready after the event had waited {} ms", r.a);
    case Why::ScaledFromZero:
        return fmt::format("Scaled from zero: {} wanted", plural(r.b, "instance", "instances"));
    case Why::ScaledUp:
    case Why::ScaledUpPanic:
    case Why::ScaledToMinimum:
    case Why::ScaledForWaiting:
    case Why::ScaledDown:
        return scaled(r);
    default:
        return ofMessage(r);
    }
}

std::string describeWait(const Reason& r)
{
    return limitReached(r);
}

} // namespace coldframe::engine
