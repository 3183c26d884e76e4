#pragma once

#include "cost/bill.h"
#include "cost/meters.h"
#include "model/money.h"

namespace coldframe::cost {

/// Shares a bill out among its attempts so that the shares add up to it, to the picodollar.
///
/// An attempt's share is what the bill's total grew by when the attempt came, with the free tier
/// and price tiers as they stood then: the first attempts of a month may be free, later ones
/// cheaper. A share is never negative. At any moment the shares given out sum to total(), which is
/// makeBill(meters()).total. Keeping instances provisioned is no attempt's doing and not in it.
///
/// The order of attempts decides who gets which picodollar, so a replay in the same order gives
/// the same shares.
class Attribution {
public:
    /// The book must live as long as this does.
    Attribution(const PriceBook& book, BillOptions options) : m_book(book), m_options(options) { }

    Money add(const AttemptMeter& attempt);

    Money total() const { return m_total; }
    const Meters& meters() const { return m_meters; }

private:
    const PriceBook& m_book;
    BillOptions m_options;
    Meters m_meters;
    Money m_total;
};

} // namespace coldframe::cost
