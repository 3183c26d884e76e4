#include "cost/price_entries.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "cost/decimal.h"

namespace coldframe::cost {
namespace {

constexpr std::size_t kMaxTiers = 100;
constexpr std::int64_t kMaxQuantity = 1'000'000'000'000'000; // 1e15: in MB·ns far below 128 bits

bool isDate(const std::string& text)
{
    constexpr std::string_view kShape = "0000-00-00";
    if (text.size() != 4 && text.size() != 7 && text.size() != 10)
        return false;
    return std::equal(text.begin(), text.end(), kShape.begin(), [](char c, char shape) {
        return shape == '-' ? c == '-' : c >= '0' && c <= '9';
    });
}

std::string pricedNameOf(const Unit& unit)
{
    return unit.priced;
}
std::string freeNameOf(const Unit& unit)
{
    return unit.freeName();
}

} // namespace

JsonReader PriceEntries::section(JsonReader& parent, const std::string& key)
{
    const std::string what = fmt::format("\"{}\"", key);
    parent.require(key);
    const std::optional<JsonValue> object = parent.value(key);
    if (!object)
        return {m_empty, m_empty.root(), "", what, m_ignored};
    return {m_text, *object, parent.pointer(key), what, m_errors};
}

Rate PriceEntries::rate(JsonReader& parent, const std::string& key, const ResourceFacts& facts)
{
    JsonReader entry = section(parent, key);
    Rate rate;
    rate.unit = chosenUnit(entry, facts.units, pricedNameOf);
    readProvenance(entry, rate.source, rate.asOf);
    if (entry.has("price") && entry.has("tiers"))
        entry.fail(Error::Code::Conflict, "tiers", "give either \"price\" or \"tiers\", not both");
    else if (entry.has("tiers"))
        rate.tiers = tiers(entry, rate.unit);
    else
        rate.tiers = {{kEndless, price(entry, "price", "a price"), entry.string("price")}};
    entry.rejectOtherKeys();
    return rate;
}

std::vector<Rate::Tier> PriceEntries::tiers(JsonReader& entry, const Unit& unit)
{
    const std::optional<JsonValue> list = entry.value("tiers");
    std::vector<Rate::Tier> tiers;
    if (!list->isArray() || list->elements().empty() || list->elements().size() > kMaxTiers) {
        entry.fail(Error::Code::Malformed, "tiers", "must be a list of 1 to 100 tiers");
        return tiers;
    }
    std::int64_t end = 0; // of the tier before; negative once a tier was endless
    for (const JsonValue& element : list->elements()) {
        const std::string at = childPointer(entry.pointer("tiers"), tiers.size());
        JsonReader tier(m_text, element, at, "a tier", m_errors);
        tier.require("from");
        const std::int64_t from = tier.integer("from", {0, kMaxQuantity}, end);
        if (end < 0)
            tier.fail(Error::Code::Conflict, "from", "the tier before has no \"upTo\"",
                      "only the last tier is endless");
        else if (from != end)
            tier.fail(Error::Code::Conflict, "from",
                      from > end ? fmt::format("{} to {} has no price", end, from)
                                 : fmt::format("{} to {} has two prices", from, end),
                      fmt::format("let this tier begin at {}", end));
        const bool endless = !tier.has("upTo");
        end = endless ? -1 : tier.integer("upTo", {from + 1, kMaxQuantity}, from + 1);
        const Wide upTo = endless ? kEndless : static_cast<Wide>(end) * unit.size;
        tiers.push_back({upTo, price(tier, "price", "a price"), tier.string("price")});
        tier.rejectOtherKeys();
    }
    if (end >= 0)
        entry.fail(Error::Code::Conflict, "tiers", fmt::format("above {} there is no price", end),
                   "leave \"upTo\" out of the last tier");
    return tiers;
}

std::int64_t PriceEntries::price(JsonReader& entry, const std::string& key, const char* what)
{
    entry.require(key);
    const std::optional<JsonValue> value = entry.value(key);
    if (!value)
        return 0;
    if (!value->isString()) {
        entry.fail(Error::Code::Malformed, key,
                   fmt::format("{} must be a decimal text, got {}", what, excerpt(*value)),
                   "put it in quotes, so that no digit is lost");
        return 0;
    }
    const auto price = parsePicodollars(value->string());
    if (!price)
        entry.fail(Error::Code::OutOfRange, key,
                   fmt::format("{} {}, got {}", what, price.error(), excerpt(*value)));
    return price.value_or(0);
}

Allowance PriceEntries::allowance(JsonReader& parent, const std::string& key,
                                  const ResourceFacts& facts)
{
    JsonReader entry = section(parent, key);
    Allowance out{.name = key};
    readProvenance(entry, out.source, out.asOf);
    const Unit unit = chosenUnit(entry, facts.units, freeNameOf);
    entry.require("value");
    out.amount = unit.size * static_cast<Wide>(entry.integer("value", {0, kMaxQuantity}, 0));
    entry.rejectOtherKeys();
    return out;
}

Allowance PriceEntries::credit(JsonReader& parent, const std::string& key)
{
    JsonReader entry = section(parent, key);
    Allowance out{.name = key};
    readProvenance(entry, out.source, out.asOf);
    checkUnit(entry, "USD per month");
    out.credit = Money::fromPicodollars(price(entry, "credit", "a credit"));
    entry.require("of");
    for (const std::string& name : entry.strings("of")) {
        const std::optional<Resource> resource = resourceOf(name);
        if (resource)
            out.of.push_back(*resource);
        else
            entry.fail(Error::Code::UnknownKey, "of",
                       fmt::format("no price is called \"{}\"", name), kKeysOfPrices);
    }
    entry.rejectOtherKeys();
    return out;
}

std::int64_t PriceEntries::value(JsonReader& parent, const std::string& key,
                                 const std::string& unit, std::int64_t max)
{
    JsonReader entry = section(parent, key);
    checkUnit(entry, unit);
    std::string source, asOf;
    readProvenance(entry, source, asOf);
    entry.require("value");
    const std::int64_t value = entry.integer("value", {0, max}, 0);
    entry.rejectOtherKeys();
    return value;
}

PriceEntries::Multiplier PriceEntries::multiplier(JsonReader& parent, const std::string& key)
{
    JsonReader entry = section(parent, key);
    std::string source, asOf;
    readProvenance(entry, source, asOf);
    Multiplier out{price(entry, "value", "a factor"), entry.strings("of")};
    entry.rejectOtherKeys();
    return out;
}

void PriceEntries::checkUnit(JsonReader& entry, const std::string& wanted)
{
    entry.require("unit");
    if (const std::string unit = entry.string("unit", wanted); unit != wanted)
        entry.fail(Error::Code::Malformed, "unit", fmt::format("unknown unit \"{}\"", unit),
                   fmt::format("it must be \"{}\"", wanted));
}

Unit PriceEntries::chosenUnit(JsonReader& entry, std::span<const Unit> units, NameOf nameOf)
{
    entry.require("unit");
    const std::string text = entry.string("unit", nameOf(units.front()));
    const auto found = std::ranges::find_if(units, [&](const Unit& u) { return nameOf(u) == text; });
    if (found != units.end())
        return *found;
    std::string words;
    for (const Unit& unit : units)
        words += fmt::format("{}\"{}\"", words.empty() ? "" : " or ", nameOf(unit));
    entry.fail(Error::Code::Malformed, "unit", fmt::format("unknown unit \"{}\"", text),
               "it must be " + words);
    return units.front();
}

void PriceEntries::readProvenance(JsonReader& entry, std::string& source, std::string& asOf)
{
    entry.require("source");
    entry.require("asOf");
    source = entry.string("source");
    asOf = entry.string("asOf");
    entry.string("note");
    if (!asOf.empty() && !isDate(asOf))
        entry.fail(Error::Code::Malformed, "asOf",
                   fmt::format("must be a date such as 2026, 2026-07 or 2026-07-12, got {}", asOf));
    m_newest = std::max(m_newest, asOf);
}

} // namespace coldframe::cost
