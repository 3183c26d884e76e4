#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "cost/wide.h"
#include "model/error.h"
#include "model/time.h"

// Price books: dated, sourced prices as data. docs/PLATFORMS.md describes the format,
// resources/schema/prices.schema.json checks it.
namespace coldframe::cost {

enum class Architecture : std::uint8_t { X86_64, Arm64 };
inline constexpr std::array kArchitectures = {Architecture::X86_64, Architecture::Arm64};
const char* nameOf(Architecture architecture); ///< "x86_64", "arm64"

/// What is counted. Compute and storage are summed in MB·ns, data in bytes.
/// 1 GB = 1024 MB = 2^30 bytes, as on the providers' pages.
struct Unit {
    std::string name; ///< "GB-s", as quantities are shown
    Wide size = 1; ///< metered units in one of it
    std::string priced; ///< "USD per GB-s"
    Wide per = 1; ///< metered units that one price buys
};

/// A price of one thing, in tiers by the quantity of a month.
struct Rate {
    struct Tier {
        Wide upTo = kEndless; ///< metered units; its end belongs to the tier
        std::int64_t picodollars = 0; ///< per Unit::per
        std::string price; ///< as written: "0.0000166667"
    };
    std::vector<Tier> tiers; ///< ascending from 0 without holes, the last endless; never empty
    Unit unit;
    std::string source, asOf;
};

/// A quantity that is not charged.
struct Allowance {
    Wide amount = 0; ///< metered units
    std::string source, asOf;
};

/// The prices of AWS Lambda in one region.
struct PriceBook {
    struct Compute {
        Rate onDemand;
        Rate provisioned; ///< of attempts on provisioned instances
        Rate held; ///< of keeping instances provisioned, busy or not
    };
    std::string id, title, region;
    std::string asOf; ///< newest of its entries

    Rate requests;
    std::array<Compute, 2> compute; ///< by Architecture
    Rate ephemeral; ///< temporary storage above the free size
    Rate streamed; ///< streamed answers above the free size

    Allowance freeRequests, freeCompute, freeStreamed; ///< a month, when the free tier applies
    std::uint32_t freeEphemeralMb = 0; ///< of every function
    std::uint64_t freeStreamedBytes = 0; ///< of every response

    std::uint32_t asyncFirstRequestBytes = 0, asyncExtraRequestBytes = 0;
    Duration provisionedStep{}; ///< held time is rounded up to this
};

/// Reads the text of a price book. Prices are decimal texts and never become floating point.
///
/// Errors, with line, column and JSON Pointer; the first that a person should mend: not JSON, unknown
/// or missing keys, currencies other than USD, unknown units, negative or malformed prices, tiers
/// with holes or overlaps, entries without source or date.
Result<PriceBook> readPriceBook(const std::string& text, const std::string& fileName);

} // namespace coldframe::cost
