#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cost/resource.h"
#include "cost/wide.h"
#include "model/error.h"
#include "model/money.h"
#include "model/time.h"

// Price books: dated, sourced prices as data. docs/PLATFORMS.md describes the format,
// resources/schema/prices.schema.json checks it.
namespace coldframe::cost {

/// A price of one resource, in tiers by the quantity of a month.
struct Rate {
    struct Tier {
        Wide upTo = kEndless; ///< metered units; its end belongs to the tier
        std::int64_t picodollars = 0; ///< per Unit::per
        std::string price; ///< as written: "0.0000166667"
    };
    std::vector<Tier> tiers; ///< ascending from 0 without holes, the last endless; never empty
    Unit unit{};
    std::string source, asOf;
};

/// What is not charged each month.
struct Allowance {
    std::string name; ///< its key: "compute"
    std::vector<Resource> of; ///< it is taken off the first of them first
    Wide amount = 0; ///< metered units; 0 of a credit
    std::optional<Money> credit; ///< an amount of money instead, off what they cost
    std::string source, asOf;
};

/// The prices of a platform in one region.
struct PriceBook {
    std::string id, title, region;
    std::string asOf; ///< newest of its entries

    /// Unset: nobody has said what it costs. What is used of it is *not priced*, which is not $0.
    std::array<std::optional<Rate>, kResources> rates;
    std::vector<Allowance> free; ///< when the free tier applies; no two of one resource

    std::uint32_t freeEphemeralMb = 0; ///< of every function
    std::uint64_t freeStreamedBytes = 0; ///< of every response
    std::uint32_t asyncFirstRequestBytes = 0, asyncExtraRequestBytes = 0; ///< 0: one request each
    Duration provisionedStep{}; ///< time of instances kept ready is rounded up to this

    /// The same at other prices: another region, a commitment.
    struct Variant {
        std::string name, title;
        std::array<std::optional<Rate>, kResources> rates; ///< instead of those of the book
    };
    std::vector<Variant> variants;

    const std::optional<Rate>& rate(Resource r) const { return rates[static_cast<std::size_t>(r)]; }
};

/// Reads the text of a price book. Prices are decimal texts and never become floating point.
///
/// Errors, with line, column and JSON Pointer; the first that a person should mend: not JSON, unknown
/// or missing keys, currencies other than USD, unknown units, negative or malformed prices, tiers
/// with holes or overlaps, entries without source or date.
Result<PriceBook> readPriceBook(const std::string& text, const std::string& fileName);

/// The book at the prices of one of its variants; its free quantities stay. None: it has no such.
std::optional<PriceBook> variantOf(const PriceBook& book, const std::string& name);

} // namespace coldframe::cost
