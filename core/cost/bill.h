#pragma once

#include <string>
#include <vector>

#include "cost/meters.h"
#include "cost/price_book.h"
#include "model/money.h"

namespace coldframe::cost {

struct BillOptions {
    bool freeTier = true; ///< take off what is free each month; the meters are then one month's
};

/// One line of a bill: a quantity at one price.
struct BillLine {
    Resource resource = Resource::Requests; ///< of a credit: the first it is for
    std::string what; ///< "Compute x86_64, tier 2"
    double quantity = 0; ///< for display
    std::string unit; ///< "GB-s"
    std::string price; ///< "0.0000166667 USD per GB-s", or "free", "credit"
    Money amount; ///< of a credit below zero
    std::string source, asOf; ///< of the price
};

/// What was used and has no price in the book.
struct NotPriced {
    std::string what; ///< "Egress"
    double quantity = 0; ///< for display
    std::string unit;
};

struct Bill {
    std::vector<BillLine> lines; ///< of what was used only
    std::vector<NotPriced> notPriced; ///< the total does not cover these
    Money total; ///< exactly the sum of the lines
    bool overflow = false; ///< an amount passed what Money holds and stopped there: see Money
};

/// Prices summed meters, once. Tiers are counted on what remains after the free quantity.
///
/// Rounding: every line is rounded down to a whole picodollar and nothing else is rounded. A line
/// is therefore at most 1e-12 USD too low. Providers show cents; that is for the reader's screen.
///
/// A credit is taken off what its resources cost, and no more than that. Its line comes last.
///
/// The free compute of a month covers both architectures together; the provider does not say which
/// it takes first. Assumed: x86_64 first.
Bill makeBill(const Meters& meters, const PriceBook& book, BillOptions options);

/// Bill::total alone, without making the lines' texts.
Money billTotal(const Meters& meters, const PriceBook& book, BillOptions options);

/// What one attempt costs by itself, at first-tier prices and without a free tier: what the next
/// one like it costs a small user. These do not add up to a bill; see Attribution.
Money attemptCost(const AttemptMeter& attempt, const PriceBook& book);

} // namespace coldframe::cost
