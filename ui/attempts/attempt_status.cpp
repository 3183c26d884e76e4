#include "ui/attempts/attempt_status.h"

namespace coldframe::ui {

AttemptStatus statusOf(const history::AttemptRow& row)
{
    using history::Ending;
    switch (row.ending) {
    case Ending::Succeeded:
        return AttemptStatus::Ok;
    case Ending::FunctionError:
        return AttemptStatus::Error;
    case Ending::TimedOut:
        return AttemptStatus::Timeout;
    case Ending::Crashed:
        return AttemptStatus::Crashed;
    case Ending::OutOfMemory:
        return AttemptStatus::OutOfMemory;
    case Ending::InitError:
        return AttemptStatus::InitFailed;
    case Ending::ResponseTooLarge:
        return AttemptStatus::TooLarge;
    case Ending::InvalidResponse:
        return AttemptStatus::BadResponse;
    case Ending::Cancelled:
        return AttemptStatus::Cancelled;
    case Ending::Rejected:
        break;
    }
    if (row.why == engine::Why::EventTooOld)
        return AttemptStatus::Expired;
    return row.why == engine::Why::CancelledByUser ? AttemptStatus::Cancelled
                                                   : AttemptStatus::Throttled;
}

} // namespace coldframe::ui
