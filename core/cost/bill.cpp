#include "cost/bill.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace coldframe::cost {
namespace {

constexpr Wide kMostPicodollars = static_cast<Wide>(std::numeric_limits<std::int64_t>::max());

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

/// What each resource has free, and by which allowance.
struct Free {
    std::array<Wide, kResources> amounts{};
    std::array<const Allowance*, kResources> by{};

    Free(const Meters& meters, const PriceBook& book, BillOptions options)
    {
        if (!options.freeTier)
            return;
        for (const Allowance& allowance : book.free) {
            Wide left = allowance.amount;
            for (const Resource resource : allowance.of) {
                const auto i = static_cast<std::size_t>(resource);
                amounts[i] = std::min(left, meters[resource]);
                by[i] = &allowance;
                left -= amounts[i];
            }
        }
    }
};

/// Goes over a bill in its order and gives its total. `parts` has a function for each kind of line:
/// free(), priced(), notPriced() and credited().
template <typename Parts>
Wide goOver(const Meters& meters, const PriceBook& book, BillOptions options, Parts&& parts)
{
    const Free free(meters, book, options);
    std::array<Wide, kResources> costs{};
    Wide total = 0;
    forEachResource([&](Resource resource) {
        const Wide used = meters[resource];
        if (used == 0)
            return;
        const std::optional<Rate>& rate = book.rate(resource);
        if (!rate)
            return parts.notPriced(resource, used);
        const auto i = static_cast<std::size_t>(resource);
        if (free.amounts[i] > 0)
            parts.free(resource, *rate, free.amounts[i], *free.by[i]);
        forEachTier(*rate, used - free.amounts[i], [&](std::size_t n, Wide quantity, Wide amount) {
            parts.priced(resource, *rate, n, quantity, amount);
            addTo(costs[i], amount);
            addTo(total, amount);
        });
    });
    for (const Allowance& allowance : book.free) {
        if (!options.freeTier || !allowance.credit)
            continue;
        Wide spent = 0;
        for (const Resource resource : allowance.of)
            addTo(spent, costs[static_cast<std::size_t>(resource)]);
        spent = std::min(spent, static_cast<Wide>(allowance.credit->picodollars()));
        if (spent > 0)
            parts.credited(allowance, spent);
        total -= std::min(spent, total);
    }
    return total;
}

struct NoLines {
    void free(Resource, const Rate&, Wide, const Allowance&) { }
    void priced(Resource, const Rate&, std::size_t, Wide, Wide) { }
    void notPriced(Resource, Wide) { }
    void credited(const Allowance&, Wide) { }
};

struct Lines {
    Bill& bill;

    void free(Resource resource, const Rate& rate, Wide quantity, const Allowance& allowance)
    {
        bill.lines.push_back({resource, fmt::format("{}, free", factsOf(resource).title),
                              inUnits(quantity, rate.unit), rate.unit.name, "free", Money(),
                              allowance.source, allowance.asOf});
    }
    void priced(Resource resource, const Rate& rate, std::size_t tier, Wide quantity, Wide amount)
    {
        const char* title = factsOf(resource).title;
        bill.lines.push_back(
            {resource, tier > 0 ? fmt::format("{}, tier {}", title, tier + 1) : title,
             inUnits(quantity, rate.unit), rate.unit.name,
             fmt::format("{} {}", rate.tiers[tier].price, rate.unit.priced), money(amount),
             rate.source, rate.asOf});
    }
    void notPriced(Resource resource, Wide quantity)
    {
        const ResourceFacts& facts = factsOf(resource);
        const Unit& unit = facts.units.front();
        bill.notPriced.push_back({facts.title, inUnits(quantity, unit), unit.name});
    }
    void credited(const Allowance& allowance, Wide amount)
    {
        bill.lines.push_back({allowance.of.front(), "Free credit", 1, "month", "credit",
                              Money() - money(amount), allowance.source, allowance.asOf});
    }
};

} // namespace

Bill makeBill(const Meters& meters, const PriceBook& book, BillOptions options)
{
    Bill bill;
    const Wide total = goOver(meters, book, options, Lines{bill});
    bill.total = money(total);
    bill.overflow = total == kMostPicodollars;
    return bill;
}

Money billTotal(const Meters& meters, const PriceBook& book, BillOptions options)
{
    return money(goOver(meters, book, options, NoLines{}));
}

Money attemptCost(const AttemptMeter& attempt, const PriceBook& book)
{
    Meters one;
    add(one, attempt);
    return billTotal(one, book, {.freeTier = false});
}

} // namespace coldframe::cost
