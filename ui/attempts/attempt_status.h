#pragma once

#include <cstdint>

#include "history/attempt_row.h"

namespace coldframe::ui {

/// How an attempt ended, as the table and its filter name it.
enum class AttemptStatus : std::uint8_t {
    Ok,
    Error,
    Timeout,
    Crashed,
    OutOfMemory,
    InitFailed,
    TooLarge,
    BadResponse,
    Cancelled,
    Throttled,
    Expired, ///< given up: too old
};

AttemptStatus statusOf(const history::AttemptRow& row);
/// The function or its process is to blame; throttles and cancellations are not failures.
constexpr bool isFailure(AttemptStatus status)
{
    return status != AttemptStatus::Ok && status < AttemptStatus::Cancelled;
}

} // namespace coldframe::ui
