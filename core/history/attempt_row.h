#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <type_traits>

#include "engine/action.h"
#include "model/ids.h"
#include "model/time.h"

namespace coldframe::history {

/// Where a body, result or log lies in blobs.bin. Starts are multiples of 8, so 32 GB can be
/// reached with 32 bits; what lies beyond is not recorded.
struct BlobRef {
    std::uint32_t eighth = 0; ///< start, divided by 8
    std::uint32_t length = 0; ///< bytes; 0: nothing recorded
    std::uint64_t offset() const { return std::uint64_t{eighth} * 8; }
    bool operator==(const BlobRef&) const = default;
};

/// How a row's attempt ended: the engine's outcomes, and events that got no attempt at all.
enum class Ending : std::uint8_t {
    Succeeded,
    FunctionError,
    TimedOut,
    Crashed,
    OutOfMemory,
    InitError,
    ResponseTooLarge,
    InvalidResponse,
    Cancelled,
    Rejected, ///< throttled, or given up while it waited
};
constexpr Ending endingOf(engine::Outcome outcome)
{
    static_assert(
        static_cast<int>(Ending::Cancelled) == static_cast<int>(engine::Outcome::Cancelled)
        && static_cast<int>(Ending::Crashed) == static_cast<int>(engine::Outcome::Crashed));
    return static_cast<Ending>(outcome);
}

enum class StartKind : std::uint8_t { None, Warm, Cold, Provisioned };

/// Bits of AttemptRow::flags.
enum AttemptFlag : std::uint8_t {
    kAsync = 1, ///< waited in the queue; else a caller waited
    kDeskWaited = 2, ///< kept out of platform percentiles
    kSuspended = 4, ///< the machine slept meanwhile
    kRestored = 8, ///< accepted in an earlier run
    kLogCut = 16, ///< the log was longer than what is kept
    kEventMasked = 32, ///< the event held a secret; what is kept of it is not what was sent
    kDebugged = 64, ///< a debugger had hold of it: no part of bills and statistics
};

using RequestId = std::array<std::uint8_t, 16>; ///< a UUID's bytes, in order of its text

/// One ended attempt or rejection, as tables and queries need it. Fixed size and without padding:
/// rows are written to files as they are.
struct AttemptRow {
    TimePoint acceptedAt{};
    TimePoint startedAt{}; ///< handed to the instance; zero when rejected
    Duration queued{}, desk{}, platform{}, billed{}, init{}; ///< as in engine::Meter
    Duration spawn{}; ///< measured: from the order to the process; zero when warm
    std::int64_t costPicodollars = 0;
    BlobRef event, result, log;
    RequestId requestId{};
    std::uint32_t invocation = 0; ///< serial
    std::uint32_t instance = 0; ///< serial; 0 when rejected
    FunctionId function = 0;
    std::uint32_t peakMemoryKb = 0;
    std::uint32_t reasonA = 0, reasonB = 0, reasonC = 0; ///< numbers of `why`: see engine::Why
    std::uint16_t attempt = 1;
    std::uint16_t trigger = 0; ///< index in the workspace, plus 1; 0: sent by hand or by a caller
    Ending ending = Ending::Succeeded;
    StartKind start = StartKind::None;
    engine::Why why = engine::Why::None; ///< of the start, or of the rejection
    std::uint8_t flags = 0;
    std::uint32_t memoryMb = 0;
    // From format 2 on; rows of older recordings have zeros here.
    Duration retrieval{}, storing{}; ///< as in StoreWork
    BlobRef outputs; ///< see outputsToJson(); empty when it wrote none
    // From format 3 on.
    std::uint32_t waitA = 0, waitB = 0; ///< numbers of `waitWhy`
    std::uint32_t retryAfterS = 0; ///< from the failure before to when this one was due, unscaled
    std::uint16_t attemptsAllowed = 0; ///< 0: not recorded
    engine::Why waitWhy = engine::Why::None; ///< why it had to wait; None: it had not
    std::uint8_t unused = 0;

    engine::Reason reason() const { return {why, reasonA, reasonB, reasonC}; }
    engine::Reason waited() const { return {waitWhy, waitA, waitB}; }
    Duration total() const
    {
        return queued + init + desk;
    } ///< what the sender waited, on this desk
};
static_assert(sizeof(AttemptRow) == 192
              && std::is_trivially_copyable_v<
                  AttemptRow> && std::has_unique_object_representations_v<AttemptRow>);

inline constexpr std::size_t kFirstRowBytes = 152; ///< of a row in format 1: the front part

/// "7f5c0a52-6d0c-4f0e-8f0b-0d3f6a5a1b2c"
std::string toText(const RequestId& id);
/// The bytes of such a text; all zero when it is none.
RequestId parseRequestId(const std::string& text);

} // namespace coldframe::history
