#include "cost/bill.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace coldframe::cost {
namespace {

constexpr Wide kMostPicodollars = static_cast<Wide>(std::numeric_limits<std::int64_t>::max());

/// The one place where money is rounded: down to a whole picodollar.
Wide amountOf(Wide quantity, const Rate::Tier& tier, Wide per)
{
    const Wide price = static_cast<Wide>(tier.picodollars);
    return std::min(timesUpTo(quantity, price) / per, kMostPicodollars);
}

/// Calls part(tier index, quantity in the tier, its amount) for every tier that is reached.
template <typename Part> void forEachTier(const Rate& rate, Wide quantity, Part&& part)
{
    Wide from = 0;
    for (std::size_t i = 0; i < rate.tiers.size() && from < quantity; ++i) {
        const Rate::Tier& tier = rate.tiers[i];
        const Wide inTier = std::min(quantity, tier.upTo) - from;
        part(i, inTier, amountOf(inTier, tier, rate.unit.per));
        from += inTier;
    }
}

/// Calls charge(rate, its name, architecture or null, metered, free allowance or null, amount free)
/// for everything a bill can hold, in its order.
template <typename Charge>
void forEachCharge(const Meters& meters, const PriceBook& book, BillOptions options,
                   Charge&& charge)
{
    const auto freeOf = [&](const Allowance& allowance, Wide used) {
        return options.freeTier ? std::min(allowance.amount, used) : Wide{0};
    };
    const auto plain = [&](const Rate& rate, const char* name, const char* detail, Wide used) {
        charge(rate, name, detail, used, nullptr, Wide{0});
    };
    charge(book.requests, "Requests", nullptr, meters.requests, &book.freeRequests,
           freeOf(book.freeRequests, meters.requests));
    Wide freeCompute = options.freeTier ? book.freeCompute.amount : 0;
    for (const Architecture architecture : kArchitectures) {
        const auto i = static_cast<std::size_t>(architecture);
        const Meters::Compute& used = meters.compute[i];
        const Wide free = std::min(freeCompute, used.onDemand);
        freeCompute -= free;
        const char* name = nameOf(architecture);
        charge(book.compute[i].onDemand, "Compute", name, used.onDemand, &book.freeCompute, free);
        plain(book.compute[i].provisioned, "Provisioned compute", name, used.provisioned);
        plain(book.compute[i].held, "Provisioned instances", name, used.held);
    }
    plain(book.ephemeral, "Temporary storage", nullptr, meters.ephemeral);
    charge(book.streamed, "Streamed answers", nullptr, meters.streamed, &book.freeStreamed,
           freeOf(book.freeStreamed, meters.streamed));
}

void addTo(Wide& total, Wide amount)
{
    total = std::min(total + amount, kMostPicodollars);
}

Money money(Wide picodollars)
{
    return Money::fromPicodollars(static_cast<std::int64_t>(picodollars));
}

double inUnits(Wide quantity, const Unit& unit)
{
    return toDouble(quantity) / toDouble(unit.size);
}

} // namespace

Bill makeBill(const Meters& meters, const PriceBook& book, BillOptions options)
{
    Bill bill;
    Wide total = 0;
    forEachCharge(
        meters, book, options,
        [&](const Rate& rate, const char* name, const char* detail, Wide used,
            const Allowance* allowance, Wide free) {
            const std::string what = detail ? fmt::format("{} {}", name, detail) : name;
            if (free > 0)
                bill.lines.push_back({what + ", free", inUnits(free, rate.unit), rate.unit.name,
                                      "free", Money(), allowance->source, allowance->asOf});
            forEachTier(rate, used - free, [&](std::size_t i, Wide quantity, Wide amount) {
                const Rate::Tier& tier = rate.tiers[i];
                bill.lines.push_back({i > 0 ? fmt::format("{}, tier {}", what, i + 1) : what,
                                      inUnits(quantity, rate.unit), rate.unit.name,
                                      fmt::format("{} {}", tier.price, rate.unit.priced),
                                      money(amount), rate.source, rate.asOf});
                addTo(total, amount);
            });
        });
    bill.total = money(total);
    bill.overflow = total == kMostPicodollars;
    return bill;
}

Money billTotal(const Meters& meters, const PriceBook& book, BillOptions options)
{
    Wide total = 0;
    forEachCharge(
        meters, book, options,
        [&](const Rate& rate, const char*, const char*, Wide used, const Allowance*, Wide free) {
            forEachTier(rate, used - free,
                        [&](std::size_t, Wide, Wide amount) { addTo(total, amount); });
        });
    return money(total);
}

Money attemptCost(const AttemptMeter& attempt, const PriceBook& book)
{
    Meters one;
    add(one, attempt);
    return billTotal(one, book, {.freeTier = false});
}

} // namespace coldframe::cost
