#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "cost/bill.h"
#include "history/attempt_log.h"
#include "study/replay_study.h"

// What a recorded run costs, and who spent it.
namespace coldframe::study {

/// What money was spent on. Each part is spent once: what a retry costs is no request and no compute.
enum class Spending : std::uint8_t {
    Requests, ///< first attempts, by count
    Init, ///< their billed inits
    Compute, ///< their memory, for the rest of the billed time
    Retries, ///< all that attempts after the first cost
    Other, ///< temporary storage of first attempts
    Idle, ///< keeping instances provisioned
};
inline constexpr std::array kSpendings = {Spending::Requests, Spending::Init, Spending::Compute,
                                          Spending::Retries,  Spending::Other, Spending::Idle};
const char* nameOf(Spending spending); ///< "requests", "init", …

struct SpendingSum {
    std::string name; ///< of the function, trigger or day; of the trigger empty: by hand, or by a caller
    std::uint64_t attempts = 0, retries = 0, coldStarts = 0;
    std::array<Money, kSpendings.size()> parts{};

    Money operator[](Spending part) const { return parts[static_cast<std::size_t>(part)]; }
    Money total() const;
};

struct RecordingBill {
    cost::Bill bill; ///< of the summed meters, priced once
    SpendingSum total; ///< with `unattributed` exactly the bill's total
    /// Of attempts that no row tells of, as where the end of a recording was lost; else zero.
    Money unattributed;
    /// Each list adds up to the total, but for `idle`, which is of functions alone.
    std::vector<SpendingSum> functions, triggers, days;
    Duration length{}; ///< of the recording
    /// The bill of a month at this pace: 730 h.
    cost::Bill month;
};

/// Prices what the recording's attempts used with the book in it.
///
/// An attempt's cost is its share of the bill: what the total grew by when it ended, with tiers and
/// free quantities as they stood then. It is split by what its resources would cost alone; what
/// rounding leaves is compute. So the parts add up to the bill, to the picodollar.
RecordingBill billOf(const ReplayStudy& study, const history::AttemptLog::View& attempts,
                     cost::BillOptions options);

} // namespace coldframe::study
