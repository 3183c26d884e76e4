#include <gtest/gtest.h>

#include "harness.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

namespace {

struct Said {
    Reason reason;
    const char* sentence;
    const char* wait = ""; ///< what describeWait() says
};
std::uint32_t number(Why why)
{
    return static_cast<std::uint32_t>(why);
}

/// The exact words of every reason. A new one does not compile until it has its line here.
std::vector<Said> wordsOf(Why why)
{
    using enum Why;
    switch (why) {
    case None:
        return {{{None}, ""}};
    case ColdAllBusy:
        return {{{why, 3, 0, 4}, "Cold: all 3 instances were busy, a 4th was started"},
                {{why, 1, 0, 2}, "Cold: the only instance was busy, a 2nd was started"},
                {{why, 0, 1, 2}, "Cold: the only instance was still starting, a 2nd was started"},
                {{why, 0, 2, 3}, "Cold: all 2 instances were still starting, a 3rd was started"},
                {{why, 1, 2, 4}, "Cold: 1 instance was busy and 2 starting, a 4th was started"},
                {{why, 20, 0, 21}, "Cold: all 20 instances were busy, a 21st was started"},
                {{why, 10, 0, 11}, "Cold: all 10 instances were busy, an 11th was started"},
                {{why, 7, 0, 8}, "Cold: all 7 instances were busy, an 8th was started"},
                {{why, 110, 0, 111}, "Cold: all 110 instances were busy, a 111th was started"}};
    case ColdNoneAlive:
        return {
            {{why, number(None)}, "Cold: the function had no instance yet"},
            {{why, number(KeepAliveExpired), 7},
             "Cold: the last instance was retired 7 s ago by the keep-alive"},
            {{why, number(CodeChangedStop), 7},
             "Cold: the code changed 7 s ago, which retired the instances"},
            {{why, number(SettingsChangedStop), 7},
             "Cold: settings changed 7 s ago, which retired the instances"},
            {{why, number(AttemptTimedOut), 7}, "Cold: the last instance timed out 7 s ago"},
            {{why, number(Crashed), 7}, "Cold: the last instance crashed 7 s ago"},
            {{why, number(DebuggedStop), 7},
             "Cold: the last instance was debugged and ended 7 s ago"},
            {{why, number(CancelledByUser), 7},
             "Cold: no instance was alive; the last one ended 7 s ago"},
        };
    case Provisioned:
        return {{{why, 1, 3}, "Provisioned: 1 of 3 instances were there, one was started"}};
    case ReinitAfterFailure:
        return {{{why}, "The init failed and is run once more, inside the attempt"}};
    case ReinitAfterInitTimeout:
        return {{{why, 10'000},
                 "The init passed its limit of 10000 ms and is run once more, inside the attempt"}};
    case WarmMostRecentlyUsed:
        return {
            {{why, 1, 250}, "Warm: the only idle instance, idle for 250 ms"},
            {{why, 4, 250}, "Warm: the most recently used of 4 idle instances, idle for 250 ms"}};
    case WarmLeastRecentlyUsed:
        return {
            {{why, 4, 250}, "Warm: the least recently used of 4 idle instances, idle for 250 ms"}};
    case WarmNewest:
        return {{{why, 4, 250}, "Warm: the newest of 4 idle instances, idle for 250 ms"}};
    case WarmOldest:
        return {{{why, 4, 250}, "Warm: the oldest of 4 idle instances, idle for 250 ms"}};
    case WarmRandom:
        return {
            {{why, 4, 250}, "Warm: the randomly chosen one of 4 idle instances, idle for 250 ms"}};
    case ColdReady:
        return {{{why}, "The instance that was started for it is ready"}};
    case FromQueue:
        return {
            {{why, 3, 812},
             "Warm: an instance became free after the event had waited 812 ms; 3 events are "
             "still waiting"},
            {{why, 1, 812},
             "Warm: an instance became free after the event had waited 812 ms; 1 event is still "
             "waiting"}};
    case ThrottledReserved:
        return {{{why, 2, 2},
                 "Throttled: reserved concurrency 2, 2 in use",
                 "reserved concurrency 2, 2 in use"}};
    case ThrottledAccount:
        return {{{why, 900, 900},
                 "Throttled: the account leaves 900 concurrent executions, 900 in use",
                 "the account leaves 900 concurrent executions, 900 in use"}};
    case ThrottledScaleUp:
        return {{{why, 1000, 10},
                 "Throttled: scaling up by more than 1000 instances at once; the next may start in "
                 "10 ms",
                 "scaling up by more than 1000 instances at once; the next may start in 10 ms"}};
    case ThrottledOff:
        return {{{why},
                 "Throttled: reserved concurrency is 0, the function is switched off",
                 "reserved concurrency is 0, the function is switched off"}};
    case WaitsForJournal:
        return {{{why}, "The event is being written to the journal"}};
    case EventTooOld:
        return {{{why, 61, 60},
                 "Given up: the event is 61 s old and its limit is 60 s, counting the next retry"}};
    case KeepAliveExpired:
        return {{{why, 300, 12}, "Retired after 300 s idle, having served 12 requests"},
                {{why, 300, 1}, "Retired after 300 s idle, having served 1 request"}};
    case CodeChangedStop:
        return {{{why, 1}, "Retired because the code changed, having served 1 request"}};
    case SettingsChangedStop:
        return {{{why, 2},
                 "Retired because memory, environment or runtime changed, having served 2 "
                 "requests"}};
    case LimitLowered:
        return {{{why, 5}, "Retired because the limit was lowered to 5"}};
    case AttemptTimedOut:
        return {{{why, 3000}, "Stopped: the attempt passed its timeout of 3000 ms"}};
    case InitTimedOut:
        return {{{why, 10'000}, "Stopped: the init passed its limit of 10000 ms"}};
    case Crashed:
        return {{{why, 0}, "The process ended by itself, having served 0 requests"}};
    case InitFailedStop:
        return {{{why}, "Stopped: its init failed"}};
    case CancelledByUser:
        return {{{why}, "Cancelled by the user"}};
    case FunctionRemoved:
        return {{{why}, "The function was removed from the workspace"}};
    case ProvisionedLowered:
        return {{{why, 2}, "Retired because provisioned concurrency was lowered to 2"}};
    case Success:
        return {{{why}, "Succeeded"}};
    case RetryAfterError:
        return {{{why, 1, 60}, "Failed once: the next attempt is due in 60 s"},
                {{why, 2, 120}, "Failed 2 times: the next attempt is due in 120 s"}};
    case RetriesExhausted:
        return {{{why, 3}, "Given up after 3 attempts"}, {{why, 1}, "Given up after 1 attempt"}};
    case ReservedZero:
        return {{{why}, "Given up: reserved concurrency is 0, the function is switched off"}};
    case DebuggedStop:
        return {{{why, 1}, "Retired after debugging, having served 1 request"}};
    case QueueFull:
        return {{{why, 20, 20}, "Refused: the queue holds 20 calls at most, 20 waiting"},
                {{why, 1, 1}, "Refused: the queue holds 1 call at most, 1 waiting"}};
    case QueueDeadline:
        return {{{why, 500, 500}, "Refused: waited 500 ms in the queue, its limit is 500 ms"}};
    case SharesBusy:
        return {{{why, 3, 80},
                 "Warm: shares the most recently used instance with room, as a 3rd of 80 at once"},
                {{why, 2, 0},
                 "Warm: shares the most recently used instance with room, as a 2nd at once"}};
    case JoinsStarting:
        return {{{why, 2, 80}, "Joins an instance that is starting, as a 2nd of 80 at once"},
                {{why, 8, 0}, "Joins an instance that is starting, as an 8th at once"}};
    case SharedReady:
        return {{{why, 120}, "The instance it joined is ready; it had waited 120 ms for it"}};
    case ThrottledMaxInstances:
        return {{{why, 3, 3},
                 "Throttled: at most 3 instances, 3 alive and none free",
                 "at most 3 instances, 3 alive and none free"},
                {{why, 1, 2},
                 "Throttled: at most 1 instance, 2 alive and none free",
                 "at most 1 instance, 2 alive and none free"}};
    case NoneFree:
        return {
            {{why, 1, 2},
             "Throttled: no instance has room: 1 ready, 2 starting; how many there are is up to "
             "the autoscaler",
             "no instance has room: 1 ready, 2 starting; how many there are is up to the "
             "autoscaler"}};
    case ColdAhead:
        return {{{why, 850}, "Cold: an instance got ready after the event had waited 850 ms"}};
    case ScaledFromZero:
        return {{{why, 0, 1}, "Scaled from zero: 1 instance wanted"},
                {{why, 0, 2}, "Scaled from zero: 2 instances wanted"}};
    case ScaledUp:
        return {{{why, 3, 5, 3050},
                 "Scaled up: 3 instances were there, a load of 3.050 requests wants 5"}};
    case ScaledUpPanic:
        return {{{why, 1, 15, 10'000},
                 "Scaled up in panic: 1 instance was there, a load of 10.000 requests wants 15"}};
    case ScaledToMinimum:
        return {{{why, 1, 3}, "Scaled up: 1 instance was there, 3 are the least"}};
    case ScaledForWaiting:
        return {{{why, 2, 5}, "Scaled up: 2 instances were there, 5 events waited for one"}};
    case ScaledDown:
        return {{{why, 7, 4, 2}, "Scaled down: 2 of 4 instances wanted; it served 7 requests"},
                {{why, 1}, "Scaled down: retired after its last event, having served 1 request"}};
    case DuplicateMessage:
        return {{{why, 17, 300},
                 "Accepted, but not queued again: message 17 had the same deduplication id in the "
                 "last 300 s"}};
    case BatchReturned:
        return {{{why, 3},
                 "The attempt failed: 3 messages come back when their visibility timeout is over"},
                {{why, 1},
                 "The attempt failed: 1 message comes back when its visibility timeout is over"}};
    case ItemsReturned:
        return {{{why, 2, 10},
                 "The answer names 2 of 10 messages as failed: 2 messages come back when their "
                 "visibility timeout is over"},
                {{why, 1, 1},
                 "The answer names 1 of 1 message as failed: 1 message comes back when its "
                 "visibility timeout is over"}};
    case BatchAnswerUnusable:
        return {{{why, 10},
                 "The answer's batchItemFailures cannot be used, so the whole batch has failed: 10 "
                 "messages come back when their visibility timeout is over"}};
    case BatchUnserved:
        return {{{why, 10, 30'000},
                 "Given up: the batch of 10 messages had waited 30000 ms for room when the "
                 "visibility timeout was over"}};
    case MaxReceives:
        return {{{why, 5, 5}, "Moved to the dead-letter queue: received 5 times, the limit is 5"},
                {{why, 1, 1}, "Moved to the dead-letter queue: received 1 time, the limit is 1"}};
    case RedrivenByUser:
        return {{{why}, "Sent back by the user"}};
    case MessageExpired:
        return {{{why, 345'600}, "Dropped: older than the retention of 345600 s"}};
    case PurgedByUser:
        return {{{why}, "Dropped: the queue was purged"}};
    case DeletedByReceiver:
        return {{{why}, "Deleted by its receiver"}};
    case VisibilitySet:
        return {{{why, 0}, "Made visible at once by its receiver"},
                {{why, 500}, "Hidden for 500 ms more by its receiver"}};
    case StaleReceipt:
        return {{{why, 1, 2}, "Nothing is changed: the receipt is of receive 1, the latest is 2"}};
    case ReceiptExpired:
        return {{{why, 1}, "Refused: the receipt of receive 1 has expired"}};
    case NotInFlight:
        return {{{why}, "Refused: the message is not in flight"}};
    case VisibilityTooLong:
        return {{{why, 43'200},
                 "Refused: 43200 s more would hide the message for longer than 12 hours"}};
    case NoSuchMessage:
        return {{{why}, "There is no such message any more"}};
    case NoSuchQueue:
        return {{{why}, "There is no such queue"}};
    case FilteredOut:
        return {{{why}, "Deleted: it does not match the trigger's filter"}};
    case DeletedByUser:
        return {{{why}, "Deleted by hand"}};
    case MessageInFlight:
        return {{{why}, "Refused: somebody is at work on the message"}};
    case BatchEmptied:
        return {{{why, 3}, "Not run: 3 messages were deleted before it began"},
                {{why, 1}, "Not run: 1 message was deleted before it began"}};
    }
    return {};
}

TEST(Describe, everyReasonHasItsWords)
{
    for (int i = 0; i < 256; ++i) {
        const auto why = static_cast<Why>(i);
        const std::vector<Said> words = wordsOf(why);
        if (words.empty()) { // past the last one
            EXPECT_EQ(describe({why, 1, 2, 3}), "") << i;
        }
        for (const Said& said : words) {
            EXPECT_EQ(describe(said.reason), said.sentence);
            EXPECT_EQ(describeWait(said.reason), said.wait) << said.sentence;
            EXPECT_EQ(describe(said.reason).empty(), why == Why::None) << i;
        }
    }
}

TEST(Describe, theEngineCountsTheBusyAndStartsOneMore)
{
    Harness h;
    for (int i = 0; i < 3; ++i)
        h.callCold(i * 200);
    h.step(at(1000), Arrived{});
    EXPECT_EQ(describe(h.only<Start>().reason),
              "Cold: all 3 instances were busy, a 4th was started");
    h.step(at(1001), Arrived{}); // while that one is starting
    EXPECT_EQ(describe(h.only<Start>().reason),
              "Cold: 3 instances were busy and 1 starting, a 5th was started");
}

TEST(Describe, theEngineCountsWhatIsProvisioned)
{
    Configuration configuration = oneFunction();
    configuration.functions[0].provisioned = 2;
    Harness h(configuration);
    const std::vector<Start> starts = h.all<Start>();
    ASSERT_EQ(starts.size(), 2U);
    EXPECT_EQ(describe(starts[0].reason),
              "Provisioned: 0 of 2 instances were there, one was started");
    EXPECT_EQ(describe(starts[1].reason),
              "Provisioned: 1 of 2 instances were there, one was started");
}

} // namespace
