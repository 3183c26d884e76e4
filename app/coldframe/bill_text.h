#pragma once

#include <string>

#include "study/recording_bill.h"

namespace coldframe::commands {

/// What a table of the command line says of a bill besides its amounts.
struct BillHead {
    std::string recording; ///< its folder
    std::string prices; ///< title of the book, and as of when
    bool freeTier = false;
};

/// Bill, parts, functions, triggers, days, a month at this pace. Amounts are US dollars.
std::string billText(const BillHead& head, const study::RecordingBill& bill);
/// The same as one line of JSON; amounts are texts, so that no digit is lost.
std::string billJson(const BillHead& head, const study::RecordingBill& bill);

} // namespace coldframe::commands
